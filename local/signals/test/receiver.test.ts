import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js'
import { traceService } from '@hello/otlp/trace-service'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { startChild, startTracer } from './exporters.ts'
import { start } from './start.ts'

for (const transport of ['grpc', 'json', 'protobuf'] as const) {
  test(`shows a trace as the published ${transport} exporter sends it`, async (t) => {
    const { addresses, get } = await start(t)
    const address = transport === 'grpc' ? addresses.otlpGrpc : addresses.otlpHttp
    const { tracer, shutdown } = startTracer('order', transport, address)
    const server = startChild(tracer, 'POST /orders', undefined, {
      kind: SpanKind.SERVER,
      startTime: [1_700_000_000, 123_456_789],
      attributes: { 'http.route': '/orders', 'order.id': 'o-1', flag: true, list: ['a', 'b'], ratio: 0.5, count: -7 },
    })
    const client = startChild(tracer, 'PUT', server, {
      kind: SpanKind.CLIENT,
      startTime: [1_700_000_000, 124_000_000],
      links: [{ context: server.spanContext(), attributes: { 'link.reason': 'recovery' } }],
    })
    client.addEvent('retry', { attempt: 2 }, [1_700_000_000, 125_000_000])
    client.setStatus({ code: SpanStatusCode.ERROR, message: 'refused' })
    client.end([1_700_000_000, 130_000_500])
    server.end([1_700_000_000, 140_000_000])
    await shutdown()

    const { traceId, spanId } = server.spanContext()
    const { status, body } = await get(`/traces/${traceId}`)
    assert.equal(status, 200)
    assert.deepEqual(body.spans, [
      {
        traceId,
        spanId,
        parentSpanId: null,
        service: 'order',
        scope: 'test',
        name: 'POST /orders',
        kind: 'server',
        start: 1_700_000_000_123_456,
        duration: 16543.211,
        status: 'unset',
        statusMessage: '',
        failed: false,
        attributes: { 'http.route': '/orders', 'order.id': 'o-1', flag: true, list: ['a', 'b'], ratio: 0.5, count: -7 },
        events: [],
        links: [],
      },
      {
        traceId,
        spanId: client.spanContext().spanId,
        parentSpanId: spanId,
        service: 'order',
        scope: 'test',
        name: 'PUT',
        kind: 'client',
        start: 1_700_000_000_124_000,
        duration: 6000.5,
        status: 'error',
        statusMessage: 'refused',
        failed: true,
        attributes: {},
        events: [{ name: 'retry', time: 1_700_000_000_125_000, attributes: { attempt: 2 } }],
        links: [{ traceId, spanId, attributes: { 'link.reason': 'recovery' } }],
      },
    ])
  })
}

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }
const garbage: [string, Record<string, string>, BodyInit, number][] = [
  ['malformed JSON', json, '{"resourceSpans":', 400],
  ['JSON of another shape', json, '{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}', 400],
  ['JSON null', json, 'null', 400],
  ['bytes that are no protobuf', protobuf, Buffer.alloc(4096, 0xff), 400],
  ['protobuf cut short', protobuf, Buffer.from([0x0a, 0x7f, 0x12]), 400],
  ['gzip that is none', { ...json, 'content-encoding': 'gzip' }, 'plain', 400],
  ['a gzip bomb', { ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(64 * 1024 * 1024)), 413],
  ['an unknown encoding', { ...json, 'content-encoding': 'br' }, '{}', 415],
  ['an unknown type', { 'content-type': 'text/csv' }, 'a,b', 415],
  ['no type', {}, Buffer.from('{}'), 415],
  ['5 MiB', json, Buffer.alloc(5 * 1024 * 1024, 0x20), 413],
  ['JSON nested to the bottom of the stack', json, '['.repeat(1_000_000), 400],
]

test('answers what is not OTLP/HTTP with problem details and goes on', async (t) => {
  const { addresses, get } = await start(t)
  for (const [what, headers, body, expected] of garbage) {
    const response = await fetch(`${addresses.otlpHttp}/v1/traces`, { method: 'POST', headers, body })
    assert.equal(response.status, expected, what)
    assert.match(response.headers.get('content-type')!, /^application\/problem\+json/, what)
    await response.body?.cancel()
  }
  assert.equal((await fetch(`${addresses.otlpHttp}/v1/traces`)).status, 405)
  assert.equal((await get('/stats')).body.traces.spans, 0)
  const empty = await fetch(`${addresses.otlpHttp}/v1/traces`, { method: 'POST', headers: json, body: '{}' })
  assert.deepEqual([empty.status, await empty.json()], [200, {}])
})

test('takes the good spans of a request and reports the others', async (t) => {
  const { addresses, get } = await start(t)
  const span = (traceId: string, spanId: string) => ({
    traceId,
    spanId,
    name: 'x',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000000001000',
  })
  const spans = [
    span('5B8EFFF798038103D269B633813FC60C', 'EEE19B7EC3C1B174'),
    span('00000000000000000000000000000000', 'eee19b7ec3c1b174'),
    span('5b8efff798038103d269b633813fc60c', 'short'),
  ]
  const response = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  })
  assert.equal(
    ((await response.json()) as { partialSuccess: { rejectedSpans: string } }).partialSuccess.rejectedSpans,
    '2',
  )
  const { body } = await get('/traces/5b8efff798038103d269b633813fc60c')
  assert.deepEqual([body.summary.service, body.summary.spanCount], ['unknown_service', 1])
})

/** Sends raw bytes to the gRPC service, as a broken exporter would. */
function exportBytes(address: string, bytes: Buffer): Promise<ServiceError | null> {
  const client = new Client(new URL(address).host, credentials.createInsecure())
  const { path, responseDeserialize } = traceService.Export
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      (raw: Buffer) => raw,
      responseDeserialize,
      bytes,
      (error) => {
        client.close()
        resolve(error)
      },
    )
  })
}

test('refuses what is not OTLP/gRPC and goes on', async (t) => {
  const { addresses, get } = await start(t)
  assert.ok(await exportBytes(addresses.otlpGrpc, Buffer.alloc(4096, 0xff)))
  assert.ok(await exportBytes(addresses.otlpGrpc, Buffer.from([0x0a, 0x7f, 0x12])))
  const tooLarge = await exportBytes(addresses.otlpGrpc, Buffer.alloc(5 * 1024 * 1024))
  assert.equal(tooLarge?.code, status.RESOURCE_EXHAUSTED)
  const plainHttp = await fetch(addresses.otlpGrpc).catch((error: Error) => error)
  assert.ok(plainHttp instanceof Error)

  const { tracer, shutdown } = startTracer('order', 'grpc', addresses.otlpGrpc)
  startChild(tracer, 'still alive', undefined).end()
  await shutdown()
  assert.equal((await get('/traces?text=ALIVE')).body.matched, 1)
})

test('names the port that is taken and leaves nothing open', async (t) => {
  const { addresses } = await start(t)
  const taken = Number(new URL(addresses.api).port)
  await assert.rejects(start(t, { apiPort: taken }), { code: 'EADDRINUSE', port: taken })
  const grpcTaken = Number(new URL(addresses.otlpGrpc).port)
  await assert.rejects(start(t, { grpcPort: grpcTaken }), new RegExp(String(grpcTaken)))
})
