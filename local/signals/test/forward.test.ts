import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { traceService } from '@hello/otlp/trace-service'
import { spansOf } from '@hello/otlp/wire-spans'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import { startTracer } from './exporters.ts'
import { start } from './start.ts'

/** A receiver of OTLP/HTTP that keeps what it gets, and answers only when `answers` is true. */
async function startReceiver(t: TestContext, answers = true) {
  const got: { type: string | undefined; spans: string[] }[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => undefined)
    if (!body) return
    const type = request.headers['content-type']
    const message =
      type === 'application/json' ? JSON.parse(String(body)) : traceService.Export.requestDeserialize(body)
    got.push({ type, spans: spansOf(message, 100).spans.map(({ name }) => name) })
    if (answers) response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

for (const [transport, type] of [
  ['grpc', 'application/x-protobuf'],
  ['protobuf', 'application/x-protobuf'],
  ['json', 'application/json'],
] as const) {
  test(`hands on what came by ${transport}, and keeps it`, async (t) => {
    const { got, url } = await startReceiver(t)
    const { addresses, get } = await start(t, { forwardTo: url })
    const { tracer, shutdown } = startTracer(
      'order',
      transport,
      transport === 'grpc' ? addresses.otlpGrpc : addresses.otlpHttp,
    )
    tracer.startSpan('POST /orders').end()
    await shutdown()
    await eventually(() => got.length > 0)
    assert.deepEqual(got, [{ type, spans: ['POST /orders'] }])
    assert.equal((await get('/stats')).body.traces.spans, 1)
  })
}

test('hands on nothing that is not OTLP', async (t) => {
  const { got, url } = await startReceiver(t)
  const { addresses } = await start(t, { forwardTo: url })
  const post = (body: string) =>
    fetch(`${addresses.otlpHttp}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  assert.equal((await post('{"resourceSpans": 1}')).status, 400)
  assert.equal((await post('{"resourceSpans": []}')).status, 200)
  await eventually(() => got.length > 0)
  assert.deepEqual(got, [{ type: 'application/json', spans: [] }])
})

test('keeps spans where the other receiver is not there, and where it never answers', async (t) => {
  const { url: silent } = await startReceiver(t, false)
  for (const forwardTo of [`http://127.0.0.1:${await freePort()}`, silent]) {
    const { addresses, get } = await start(t, { forwardTo })
    const { tracer, shutdown } = startTracer('order', 'protobuf', addresses.otlpHttp)
    for (let count = 0; count < 40; count++) tracer.startSpan('POST /orders').end()
    await shutdown()
    assert.equal((await get('/stats')).body.traces.spans, 40)
  }
})
