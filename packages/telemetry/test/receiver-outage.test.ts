import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startTcpServer } from '@hello/service-kit/testing/http-server'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const perSecond = 200

/** Asks 200 times a second, whatever the answers do, until told to stop. */
function load(url: string) {
  let stopped = false
  const answers: Promise<number | string>[] = []
  const ask = async (id: number) => {
    const response = await fetch(`${url}/items/${id}`)
    await response.arrayBuffer()
    return response.status
  }
  const running = (async () => {
    while (!stopped) {
      for (let burst = 0; burst < perSecond / 50; burst++) answers.push(ask(answers.length).catch(String))
      await delay(20)
    }
  })()
  return async () => {
    stopped = true
    await running
    return Promise.all(answers)
  }
}

const counter = (outcome: string) => `otel_sdk_exporter_span_exported_total{outcome="${outcome}"}`

async function metric({ managementUrl }: { managementUrl: string }, name: string): Promise<number> {
  const text = await (await fetch(`${managementUrl}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))!
      .split(' ')[1],
  )
}

/** For what never comes; no guess at the machine's speed. */
const patience = { timeout: 600_000 }

test(
  'no request fails and memory stays bounded while the receiver is away; traces come again later',
  patience,
  async () => {
    const first = await startCollector()
    const fixture = await startFixture(first.url)
    const exportLog = () => fixture.log.map(({ msg }) => msg).filter((msg) => String(msg).startsWith('traces '))
    const stop = load(fixture.url)
    await first.wait(({ name }) => name === 'GET /items/:id', perSecond)
    assert.ok((await metric(fixture, counter('success'))) >= perSecond)
    assert.deepEqual(exportLog(), [])

    first.close()
    while ((await metric(fixture, counter('failure'))) === 0) await delay(100)
    const before = await metric(fixture, 'process_resident_memory_bytes')
    await delay(5000)
    const grown = (await metric(fixture, 'process_resident_memory_bytes')) - before
    assert.ok(grown < 64 * 1024 * 1024, `grew by ${grown} bytes`)
    assert.deepEqual(exportLog(), ['traces cannot be exported; requests go on, and their spans are lost'])

    const second = await startCollector(first.port)
    await second.wait(({ name }) => name === 'GET /items/:id', perSecond)
    const answers = await stop()
    assert.ok(answers.length > 7 * perSecond * 0.5)
    assert.deepEqual([...new Set(answers)], [200])
    const latest = await second.trace(await fetch(`${fixture.url}/items/after`))
    assert.equal(latest.server.attributes['url.path'], '/items/after')
    assert.deepEqual(exportLog().slice(1), ['traces are exported again'])
  },
)

test(
  'what a receiver does not take in time is dropped and counted, and no request waits for it',
  patience,
  async () => {
    const { url } = await startTcpServer(() => {})
    const fixture = await startFixture(url, { OTEL_BSP_MAX_QUEUE_SIZE: '256', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '128' })
    const stop = load(fixture.url)
    while ((await metric(fixture, counter('dropped'))) === 0) await delay(100)
    assert.deepEqual([...new Set(await stop())], [200])
  },
)
