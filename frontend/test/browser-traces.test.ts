import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createApp } from '@hello/service-kit/app'
import { startServer } from '@hello/service-kit/testing/http-server'
import { browserTracesRoute } from '../server/browser-traces.ts'

/** A receiver of OTLP that keeps what it gets. */
async function startReceiver(answer: { status: number; body: string } = { status: 200, body: '{}' }) {
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts its shape
  const received: any[] = []
  const { url } = await startServer(({ body }, response) => {
    received.push(JSON.parse(body))
    response.writeHead(answer.status).end(answer.body)
  })
  return { received, url }
}

async function startEdge(t: TestContext, url: string) {
  const app = await createApp({ name: 'frontend', logLevel: 'silent', trustProxy: '127.0.0.1' })
  t.after(() => app.close())
  await app.register(browserTracesRoute, { url })
  let clients = 0
  return {
    /** Posts as a client of its own, unless `from` names one. */
    async post(payload: unknown, headers: Record<string, string> = {}, from = `192.0.2.${++clients}`) {
      const isRaw = typeof payload === 'string' || Buffer.isBuffer(payload)
      const answer = await app.inject({
        method: 'POST',
        url: '/otlp/v1/traces',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...headers },
        payload: isRaw ? payload : JSON.stringify(payload),
      })
      return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
    },
    async metric(sample: string) {
      const lines = (await app.metrics.client.register.metrics()).split('\n')
      return Number(lines.find((line) => line.startsWith(`${sample} `))?.split(' ')[1])
    },
  }
}

const nanoseconds = (milliseconds: number) => `${milliseconds}000000`
const idOf = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
const text = (key: string, stringValue: unknown) => ({ key, value: { stringValue } })

/** A span as the page sends it, but for what `rest` makes of it. */
const span = (number: number, rest: object = {}) => ({
  traceId: idOf(number, 32),
  spanId: idOf(number, 16),
  name: 'buy product',
  kind: 1,
  startTimeUnixNano: nanoseconds(Date.now()),
  endTimeUnixNano: nanoseconds(Date.now()),
  ...rest,
})
const exportOf = (spans: unknown[], attributes: unknown[] = []) => ({
  resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'page', version: '1' }, spans }] }],
})

test('passes the page’s spans on, whole', async (t) => {
  const { received, url } = await startReceiver()
  const { post, metric } = await startEdge(t, url)
  const whole = span(1, {
    parentSpanId: idOf(2, 16),
    flags: 257,
    kind: 3,
    attributes: [
      text('order.id', 'o-1'),
      { key: 'order.quantity', value: { intValue: 2 } },
      { key: 'ratio', value: { doubleValue: 0.5 } },
      { key: 'flag', value: { boolValue: false } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '7' }] } } },
    ],
    events: [{ name: 'retry', timeUnixNano: nanoseconds(Date.now()), attributes: [text('error.type', '504')] }],
    links: [{ traceId: idOf(3, 32), spanId: idOf(4, 16), attributes: [] }],
    status: { code: 2, message: 'failed' },
  })
  const sent = exportOf([whole], [text('browser.language', 'ko-KR')])
  const resource = { attributes: [text('browser.language', 'ko-KR'), text('service.name', 'browser')] }
  const expected = { resourceSpans: [{ ...sent.resourceSpans[0], resource }] }
  assert.deepEqual(await post(sent).then(({ status, body }) => [status, body]), [200, {}])
  const zipped = await post(gzipSync(JSON.stringify(sent)), { 'content-encoding': 'gzip' })
  assert.equal(zipped.status, 200)
  assert.deepEqual(received, [expected, expected])
  assert.equal(await metric('shop_browser_spans_total{outcome="accepted"}'), 2)
})

test('nobody can speak for a service', async (t) => {
  const { received, url } = await startReceiver()
  const { post } = await startEdge(t, url)
  const forged = [text('service.name', 'order'), text('service.name', 'gateway')]
  await post(exportOf([span(1)], forged))
  await post({ resourceSpans: [{ scopeSpans: [{ spans: [span(2)] }] }] })
  for (const { resourceSpans } of received) {
    assert.deepEqual(resourceSpans[0].resource.attributes, [text('service.name', 'browser')])
  }
  assert.equal((await post(exportOf([span(3, { kind: 2 })]))).body.partialSuccess.rejectedSpans, '1')
  assert.equal(received.length, 2)
})

const day = 24 * 3600_000
const at = (time: number) => ({ startTimeUnixNano: nanoseconds(time), endTimeUnixNano: nanoseconds(time) })
const invalid: [what: string, span: unknown][] = [
  ['1970', span(1, at(0))],
  ['two days ago', span(1, at(Date.now() - 2 * day))],
  ['2300', span(1, at(Date.UTC(2300, 0)))],
  ['a time without end', span(1, { startTimeUnixNano: '9'.repeat(400) })],
  ['a time that is a number', span(1, { startTimeUnixNano: 1e300 })],
  ['an end before the start', span(1, { startTimeUnixNano: nanoseconds(Date.now() + 1000) })],
  ['no end', span(1, { endTimeUnixNano: undefined })],
  ['an id of zeros', span(0)],
  ['an id that is none', span(1, { traceId: { length: 32 } })],
  ['a parent that is none', span(1, { parentSpanId: 'root' })],
  ['no name', span(1, { name: '' })],
  ['a name without end', span(1, { name: 'x'.repeat(100_000) })],
  ['a kind by the name of a member', span(1, { kind: 'length' })],
  ['a status by the name of a member', span(1, { status: { code: 'map' } })],
  ['null', null],
]

test('rejects what is no span of a browser, keeps its neighbours and says how many', async (t) => {
  const { received, url } = await startReceiver()
  const { post, metric } = await startEdge(t, url)
  for (const [what, wrong] of invalid) {
    const { status, body } = await post(exportOf([wrong, span(7)]))
    assert.deepEqual([status, body.partialSuccess?.rejectedSpans], [200, '1'], what)
    const { spans } = received.pop().resourceSpans[0].scopeSpans[0]
    assert.deepEqual([spans.length, spans[0].traceId], [1, idOf(7, 32)], what)
  }
  assert.equal(await metric('shop_browser_spans_total{outcome="rejected"}'), invalid.length)
  assert.equal(await metric('shop_browser_spans_total{outcome="accepted"}'), invalid.length)
  await post(exportOf([null]))
  assert.deepEqual(received, [])
})

test('leaves out what is no attribute, event or link, and what it does not know', async (t) => {
  const { received, url } = await startReceiver()
  const { post, metric } = await startEdge(t, url)
  const good = [text('kept', 'x')]
  const attributes = [
    ...good,
    text('a', {}),
    text('a', null),
    text('a', 'x'.repeat(3000)),
    text('', 'x'),
    text('x'.repeat(200), 'x'),
    { key: 'a', value: { intValue: 1.5 } },
    { key: 'a', value: { intValue: 'many' } },
    { key: 'a', value: { doubleValue: 'NaN' } },
    { key: 'a', value: { boolValue: 1 } },
    { key: 'a', value: { arrayValue: { values: [{ arrayValue: { values: [] } }] } } },
    { key: 'a', value: { kvlistValue: { values: [] } } },
    { key: 'a', value: {} },
    { key: 'a' },
    null,
  ]
  const time = nanoseconds(Date.now())
  const odd = span(1, {
    attributes,
    events: [
      { name: 'kept', timeUnixNano: time },
      { name: 'a', timeUnixNano: '1' },
      { name: {}, timeUnixNano: time },
    ],
    links: [null, { traceId: 'x', spanId: 'y' }],
    traceState: 'a=b',
    invented: { deep: [1] },
  })
  const { status, body } = await post(exportOf([odd, span(2, { attributes: 'many' })]))
  assert.deepEqual([status, body], [200, {}])
  const [first] = received[0].resourceSpans[0].scopeSpans[0].spans
  assert.deepEqual(first.attributes, good)
  assert.deepEqual(first.events, [{ name: 'kept', timeUnixNano: time, attributes: [] }])
  assert.deepEqual(first.links, [])
  assert.deepEqual([first.traceState, first.invented], [undefined, undefined])
  assert.equal(await metric('shop_browser_span_parts_dropped_total{part="attribute"}'), attributes.length)
  assert.equal(await metric('shop_browser_span_parts_dropped_total{part="event"}'), 2)
  assert.equal(await metric('shop_browser_span_parts_dropped_total{part="link"}'), 2)
})

test('is bounded in spans and their parts', async (t) => {
  const { received, url } = await startReceiver()
  const { post } = await startEdge(t, url)
  const many = await post(exportOf(Array.from({ length: 100 }, (_, index) => span(index + 1))))
  assert.equal(many.body.partialSuccess.rejectedSpans, '36')
  assert.equal(received[0].resourceSpans[0].scopeSpans[0].spans.length, 64)
  const parts = <T>(part: T) => Array.from({ length: 500 }, () => part)
  const event = { name: 'a', timeUnixNano: nanoseconds(Date.now()) }
  const link = { traceId: idOf(1, 32), spanId: idOf(1, 16) }
  await post(exportOf([span(1, { attributes: parts(text('a', 'b')), events: parts(event), links: parts(link) })]))
  const [only] = received[1].resourceSpans[0].scopeSpans[0].spans
  assert.deepEqual([only.attributes.length, only.events.length, only.links.length], [64, 128, 32])
})

const bomb = gzipSync(JSON.stringify(exportOf(Array.from({ length: 30_000 }, (_, index) => span(index + 1)))))
const unusable: [what: string, payload: string | Buffer, headers: Record<string, string>, status: number][] = [
  ['malformed JSON', '{"resourceSpans":', {}, 400],
  ['JSON of another shape', '{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}', {}, 400],
  ['JSON null', 'null', {}, 400],
  ['a list', '[]', {}, 400],
  ['JSON nested to the bottom of the stack', '['.repeat(100_000), {}, 400],
  ['gzip that is none', 'plain', { 'content-encoding': 'gzip' }, 400],
  ['30,000 spans in gzip', bomb, { 'content-encoding': 'gzip' }, 413],
  ['a body that is too large', ' '.repeat(300_000), {}, 413],
  ['an unknown encoding', '{}', { 'content-encoding': 'br' }, 415],
  ['protobuf', Buffer.from([0x0a, 0x00]), { 'content-type': 'application/x-protobuf' }, 415],
]

test('answers what is no export with problem details, counts it and passes nothing on', async (t) => {
  const { received, url } = await startReceiver()
  const { post, metric } = await startEdge(t, url)
  for (const [what, payload, headers, expected] of unusable) {
    const answer = await post(payload, headers)
    assert.equal(answer.status, expected, what)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, what)
  }
  assert.equal(await metric('shop_browser_exports_total{http_response_status_code="400"}'), 6)
  assert.equal(await metric('shop_browser_exports_total{http_response_status_code="413"}'), 2)
  assert.equal(await metric('shop_browser_exports_total{http_response_status_code="415"}'), 2)
  assert.deepEqual(received, [])
})

test('a client that sends too much waits, and others do not', async (t) => {
  const { url } = await startReceiver()
  const { post, metric } = await startEdge(t, url)
  const stranger = '198.51.100.1'
  const answers = await Promise.all(Array.from({ length: 30 }, () => post(exportOf([span(1)]), {}, stranger)))
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length > 0)
  assert.equal(refused[0]!.headers['retry-after'], '1')
  assert.equal(await metric('shop_browser_exports_total{http_response_status_code="429"}'), refused.length)
  assert.equal((await post(exportOf([span(1)]))).status, 200)
})

test('says that the receiver is away, so that the page sends again', async (t) => {
  const failing = await startReceiver({ status: 500, body: '{}' })
  for (const url of ['http://127.0.0.1:1', failing.url]) {
    const { post, metric } = await startEdge(t, url)
    const { status, headers, body } = await post(exportOf([span(1)]))
    assert.deepEqual([status, headers['retry-after']], [503, '5'])
    assert.doesNotMatch(JSON.stringify(body), /127\.0\.0\.1/)
    assert.equal(await metric('shop_browser_spans_total{outcome="accepted"}'), 0)
  }
})
