import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
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

test('no request fails and memory stays bounded while the receiver is away; traces come again after it is back', async () => {
  const first = await startCollector()
  const fixture = await startFixture(first.url, {
    OTEL_BSP_MAX_QUEUE_SIZE: '1024',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '256',
  })
  const metric = async (name: string) => {
    const text = await (await fetch(`${fixture.managementUrl}/metrics`)).text()
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    )
  }
  const exportLog = () => fixture.log.map(({ msg }) => msg).filter((msg) => String(msg).startsWith('traces '))
  const exported = 'otel_sdk_exporter_span_exported_total{outcome="success"}'
  const failed = 'otel_sdk_exporter_span_exported_total{outcome="failure"}'

  const stop = load(fixture.url)
  await first.wait(({ name }) => name === 'GET /items/:id', perSecond)
  assert.ok((await metric(exported)) >= perSecond)
  assert.deepEqual(exportLog(), [])

  first.close()
  while ((await metric(failed)) === 0) await delay(100)
  const before = await metric('process_resident_memory_bytes')
  await delay(5000)
  const grown = (await metric('process_resident_memory_bytes')) - before
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
})
