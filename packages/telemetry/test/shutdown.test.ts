import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startTcpServer } from '@hello/service-kit/testing/http-server'
import { politeClient } from '@hello/service-kit/testing/polite-client'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

test('SIGTERM under load: every request that was answered has its spans at the receiver', async () => {
  const collector = await startCollector()
  // Only the flush at the end can send anything: no timer runs out before.
  const fixture = await startFixture(collector.url, { OTEL_BSP_SCHEDULE_DELAY: '60000', SHUTDOWN_DELAY_MS: '200' })
  const clients = Array.from({ length: 8 }, () => politeClient(`${fixture.url}/items`))
  const loops = clients.map((client) => client.loop())
  await Promise.all(clients.map((client) => client.answered(2)))
  fixture.child.kill('SIGTERM')
  const answers = (await Promise.all(loops)).flat()
  assert.deepEqual(await fixture.exited, [0, null])
  const received = new Set(collector.spans.map(({ spanId }) => spanId))
  const missing = answers.filter(({ headers }) => !received.has(String(headers.traceresponse).split('-')[2]!))
  assert.ok(answers.length > clients.length)
  assert.equal(missing.length, 0, `${missing.length} of ${answers.length}`)
})

test('SIGTERM: a request that is never answered has its span and its line when the process has to end', async () => {
  const collector = await startCollector()
  const fixture = await startFixture(collector.url, { OTEL_BSP_SCHEDULE_DELAY: '60000' })
  const answer = fetch(`${fixture.url}/held`, { method: 'POST' })
  while (!fixture.log.some(({ msg }) => msg === 'holding')) await delay(10)
  fixture.child.kill('SIGTERM')
  await assert.rejects(answer)
  assert.deepEqual(await fixture.exited, [0, null])
  const spans = collector.spans.filter(({ kind }) => kind === 'server')
  assert.deepEqual(
    spans.map(({ name, status, attributes }) => [name, status, attributes['error.type']]),
    [['POST /held', 'error', 'shutdown']],
  )
  const lines = fixture.log.filter(({ msg }) => msg === 'request')
  assert.deepEqual(
    lines.map(({ level, route, status, outcome, trace_id }) => [level, route, status, outcome, trace_id]),
    [['error', '/held', undefined, 'shutdown', spans[0]!.traceId]],
  )
})

test('SIGTERM with the receiver away ends the process all the same', async () => {
  const collector = await startCollector()
  const fixture = await startFixture(collector.url, { OTEL_BSP_SCHEDULE_DELAY: '60000' })
  await fetch(`${fixture.url}/items/1`)
  collector.close()
  fixture.child.kill('SIGTERM')
  assert.deepEqual(await fixture.exited, [0, null])
})

test('SIGTERM with a receiver that never answers ends the process all the same', async () => {
  const { url } = await startTcpServer(() => {})
  const fixture = await startFixture(url, { OTEL_BSP_SCHEDULE_DELAY: '60000' })
  await fetch(`${fixture.url}/items/1`)
  fixture.child.kill('SIGTERM')
  assert.deepEqual(await fixture.exited, [0, null])
})
