import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Client, credentials, status } from '@grpc/grpc-js'
import { traceService } from '@hello/otlp/trace-service'
import { start } from './start.ts'

const nanoseconds = (milliseconds: number) => `${milliseconds}000000`
const now = nanoseconds(Date.now())
const idOf = (number: number, digits: number) => number.toString(16).padStart(digits, '0')

/** A span that is valid but for what `rest` makes of it. */
const span = (number: number, rest: object = {}) => ({
  traceId: idOf(number, 32),
  spanId: idOf(number, 16),
  name: 'GET /',
  kind: 2,
  startTimeUnixNano: now,
  endTimeUnixNano: now,
  ...rest,
})
const exportOf = (spans: unknown[], resource: unknown = undefined) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }],
})

type Signals = Awaited<ReturnType<typeof start>>

async function post({ addresses }: Signals, request: unknown, zip = false) {
  const text = JSON.stringify(request)
  const response = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(zip && { 'content-encoding': 'gzip' }) },
    body: zip ? gzipSync(text) : text,
  })
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts the shape that it reads
  return { status: response.status, body: (await response.json()) as any }
}

/** Asks for everything that reads the traces. */
async function assertReadable({ get }: Signals, traceIds: string[]) {
  for (const path of ['/traces', '/traces?text=x&limit=1000', '/services', '/map', '/stats', '/metrics']) {
    assert.equal((await get(path)).status, 200, path)
  }
  for (const traceId of traceIds) assert.equal((await get(`/traces/${traceId}`)).status, 200, traceId)
}

const odd: [what: string, rest: object][] = [
  [
    'a fraction for a status code',
    { attributes: [{ key: 'http.response.status_code', value: { doubleValue: 200.5 } }] },
  ],
  ['text for a status code', { attributes: [{ key: 'http.response.status_code', value: { stringValue: 'ok' } }] }],
  ['a list for a route', { attributes: [{ key: 'http.route', value: { arrayValue: { values: [{}] } } }] }],
  ['an object for text', { attributes: [{ key: 'a', value: { stringValue: {} } }] }],
  ['null for text', { attributes: [{ key: 'a', value: { stringValue: null } }] }],
  ['text for a number', { attributes: [{ key: 'a', value: { intValue: 'many', doubleValue: [] } }] }],
  ['no value', { attributes: [{ key: 'a' }, { key: 'b', value: null }, null, 7, 'c'] }],
  ['a key that is none', { attributes: [{ key: {}, value: { boolValue: true } }, { value: { boolValue: true } }] }],
  ['a key of objects', { attributes: [{ key: '__proto__', value: { stringValue: 'x' } }] }],
  ['no list of attributes', { attributes: 'many', events: {}, links: 1 }],
  ['values within values', { attributes: [{ key: 'a', value: deepValue(500) }] }],
  ['a kind by the name of a member', { kind: 'length' }],
  ['a kind beyond all', { kind: 1e300 }],
  ['a status by the name of a member', { status: { code: 'map', message: {} } }],
  ['a status that is none', { status: 'bad' }],
  ['a parent that is none', { parentSpanId: { length: 8 } }],
  ['events at no time', { events: [{ name: 'a', timeUnixNano: 'x' }, { name: {}, timeUnixNano: now }, null] }],
  ['links to nothing', { links: [{ traceId: 'x', spanId: 'y' }, null, {}] }],
  ['itself as parent', { parentSpanId: idOf(19, 16) }],
]

function deepValue(depth: number): object {
  let value: object = { stringValue: '"' }
  for (let level = 0; level < depth; level += 1) {
    value = level % 2 ? { arrayValue: { values: [value] } } : { kvlistValue: { values: [{ key: '"', value }] } }
  }
  return value
}

test('lists whatever it has taken: odd members are dropped, the span stays', async (t) => {
  const signals = await start(t)
  const spans = odd.map(([, rest], index) => span(index + 1, rest))
  assert.deepEqual(
    await post(signals, exportOf(spans, { attributes: [{ key: 'service.name', value: { intValue: 7 } }] })),
    {
      status: 200,
      body: {},
    },
  )
  await assertReadable(
    signals,
    spans.map(({ traceId }) => traceId),
  )
  const { traces, matched } = (await signals.get('/traces')).body
  assert.equal(matched, odd.length)
  assert.equal(traces.find(({ traceId }: { traceId: string }) => traceId === idOf(1, 32)).statusCode, null)
  const [first] = (await signals.get(`/traces/${idOf(1, 32)}`)).body.spans
  assert.equal(first.attributes['http.response.status_code'], 200.5)
  assert.equal(first.service, 'unknown_service')
  const { rejectedSpans, droppedParts } = (await signals.get('/stats')).body.traces
  assert.equal(rejectedSpans, 0)
  assert.ok(droppedParts >= 20, `${droppedParts} dropped`)
})

const impossible: [what: string, rest: object][] = [
  ['1970', { startTimeUnixNano: '1' }],
  ['2300', { startTimeUnixNano: nanoseconds(Date.UTC(2300, 0)), endTimeUnixNano: nanoseconds(Date.UTC(2300, 0)) }],
  ['an end in 2300', { endTimeUnixNano: nanoseconds(Date.UTC(2300, 0)) }],
  ['no end', { endTimeUnixNano: undefined }],
  ['a time without end', { endTimeUnixNano: '9'.repeat(400) }],
  ['an infinite time', { startTimeUnixNano: Number.MAX_VALUE }],
  ['noon', { startTimeUnixNano: 'noon' }],
  ['a time before time', { startTimeUnixNano: '-1' }],
  ['a time in hexadecimal', { startTimeUnixNano: '0x17979cfe362a0000' }],
  ['a name that is none', { name: {} }],
  ['an id that is none', { traceId: ['a'] }],
]

test('rejects a span without ids, name or plausible times, and keeps its neighbours', async (t) => {
  const signals = await start(t)
  for (const [index, [what, rest]] of impossible.entries()) {
    const answer = await post(signals, exportOf([span(1000 + index, rest), null, span(index + 1)]))
    assert.equal(answer.status, 200, what)
    assert.equal(answer.body.partialSuccess.rejectedSpans, '2', what)
  }
  const { spans, rejectedSpans } = (await signals.get('/stats')).body.traces
  assert.deepEqual([spans, rejectedSpans], [impossible.length, 2 * impossible.length])
  await assertReadable(signals, [idOf(1, 32)])
})

test('no request takes the place of most other traces', async (t) => {
  const signals = await start(t)
  await post(signals, exportOf([span(1)]))
  const many = (count: number) => exportOf(Array.from({ length: count }, (_, index) => span(index + 2)))
  for (const [request, zip] of [
    [many(90_000), true],
    [many(5000), false],
  ] as const) {
    const { status, body } = await post(signals, request, zip)
    assert.equal(status, 413)
    assert.match(body.detail, /bytes when unpacked|5000 spans; send at most 4096/)
  }
  const { spans, evictedTraces, refusedRequests } = (await signals.get('/stats')).body.traces
  assert.deepEqual([spans, evictedTraces, refusedRequests], [1, 0, 2])
  assert.equal((await post(signals, many(4096))).status, 200)
  assert.equal((await signals.get('/stats')).body.traces.spans, 4097)
})

/** One protobuf field that holds `bytes`. */
function field(number: number, bytes: Buffer): Buffer<ArrayBuffer> {
  const head = [number * 8 + 2]
  let length = bytes.length
  for (; length > 127; length = Math.floor(length / 128)) head.push((length & 127) | 128)
  return Buffer.concat([Buffer.from([...head, length]), bytes])
}

test('refuses a protobuf message of a million messages before it decodes them', async (t) => {
  const signals = await start(t)
  const emptySpans = Buffer.alloc(2_000_000, Buffer.from([0x12, 0x00]))
  const emptyAttributes = field(2, Buffer.alloc(2_000_000, Buffer.from([0x4a, 0x00])))
  const client = new Client(new URL(signals.addresses.otlpGrpc).host, credentials.createInsecure())
  t.after(() => client.close())
  const { path, responseDeserialize } = traceService.Export
  for (const [what, spans] of Object.entries({ emptySpans, emptyAttributes })) {
    const body = field(1, field(2, spans))
    const error = await new Promise<{ code: number; details: string } | null>((resolve) => {
      client.makeUnaryRequest(path, (raw: Buffer) => raw, responseDeserialize, body, resolve)
    })
    assert.equal(error?.code, status.RESOURCE_EXHAUSTED, what)
    assert.match(error.details, /more than 50000 messages/, what)
    const response = await fetch(`${signals.addresses.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body,
    })
    assert.equal(response.status, 413, what)
  }
  assert.equal((await signals.get('/stats')).body.traces.refusedRequests, 4)
})
