import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, describe, test } from 'node:test'
import { UndiciClientSpans } from '@hello/telemetry/undici-client-spans'
import { context, propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { suppressTracing, W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { Agent, request } from 'undici'

const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
const instrumentation = new UndiciClientSpans()
instrumentation.setTracerProvider(provider)

const seen: unknown[] = []
const server = createServer(({ url, headers }, response) => {
  seen.push(headers.traceparent)
  if (url === '/never') return
  if (url === '/breaks')
    return void response.writeHead(200, { 'content-length': 9 }).write('part', () => response.destroy())
  response.statusCode = Number(url!.slice(1, 4))
  response.end('answer')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const origin = `http://127.0.0.1:${port}`
after(() => {
  instrumentation.disable()
  server.closeAllConnections()
  server.close()
})
afterEach(() => {
  exporter.reset()
  seen.length = 0
})

const parent = provider.getTracer('test').startSpan('parent')

/** The span that `call` made within a request. */
async function spanOf(call: () => Promise<unknown>): Promise<ReadableSpan> {
  await context.with(trace.setSpan(ROOT_CONTEXT, parent), call)
  const [span, ...more] = exporter.getFinishedSpans()
  assert.deepEqual(more, [])
  return span!
}

async function byAgent(origin: string | URL) {
  const agent = new Agent()
  const { body } = await agent.request({ origin, path: '/200', method: 'GET' })
  await body.dump()
  await agent.close()
}

const read = async (path: string, options = {}) => (await request(origin + path, options)).body.text()

describe('a call within a request', () => {
  test('is a CLIENT span with what the conventions require and recommend, of which the callee hears', async () => {
    const span = await spanOf(() => read('/200?limit=5', { headers: { 'user-agent': 'test' } }))
    const { traceId, spanId } = span.spanContext()
    assert.equal(span.name, 'GET')
    assert.equal(span.parentSpanContext!.spanId, parent.spanContext().spanId)
    assert.deepEqual(span.attributes, {
      'http.request.method': 'GET',
      'url.full': `${origin}/200?limit=5`,
      'server.address': '127.0.0.1',
      'server.port': port,
      'network.peer.address': '127.0.0.1',
      'network.peer.port': port,
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
    })
    assert.deepEqual(seen, [`00-${traceId}-${spanId}-01`])
  })

  for (const [what, call] of [
    ['fetch', async () => (await fetch(`${origin}/200`)).text()],
    ['an agent that is given a URL', () => byAgent(new URL(origin))],
    ['an agent that is given a name and a password', () => byAgent(`http://user:hunter2@127.0.0.1:${port}/`)],
    ['headers in a list', () => read('/200', { headers: ['accept', '*/*'] })],
  ] as const)
    test(`by ${what} as well`, async () => {
      const span = await spanOf(call)
      assert.equal(span.attributes['url.full'], `${origin}/200`)
      assert.deepEqual(seen, [`00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`])
    })

  test('by a method that is not known is named HTTP', async () => {
    const span = await spanOf(() => read('/200', { method: 'PROPFIND' }))
    assert.equal(span.name, 'HTTP')
    assert.equal(span.attributes['http.request.method'], '_OTHER')
    assert.equal(span.attributes['http.request.method_original'], 'PROPFIND')
  })

  for (const status of [404, 503])
    test(`that is answered ${status} is an error`, async () => {
      const span = await spanOf(() => read(`/${status}`))
      assert.equal(span.status.code, SpanStatusCode.ERROR)
      assert.equal(span.attributes['error.type'], String(status))
    })

  test('that is refused is an error with its code and the exception', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const refused = `http://127.0.0.1:${(free.address() as AddressInfo).port}`
    free.close()
    await once(free, 'close')
    const span = await spanOf(() => assert.rejects(request(refused)))
    assert.equal(span.status.code, SpanStatusCode.ERROR)
    assert.equal(span.attributes['error.type'], 'ECONNREFUSED')
    assert.deepEqual(
      span.events.map(({ name }) => name),
      ['exception'],
    )
    assert.equal(span.attributes['http.response.status_code'], undefined)
  })

  test('that breaks off in its answer is an error with the status that came', async () => {
    const span = await spanOf(() => assert.rejects(read('/breaks')))
    assert.equal(span.status.code, SpanStatusCode.ERROR)
    assert.equal(span.attributes['error.type'], 'UND_ERR_SOCKET')
    assert.equal(span.attributes['http.response.status_code'], 200)
  })

  test('that its caller gives up is no error', async () => {
    const gone = new AbortController()
    const span = await spanOf(async () => {
      const asked = assert.rejects(request(`${origin}/never`, { signal: gone.signal }))
      await once(server, 'request')
      gone.abort()
      await asked
    })
    assert.equal(span.status.code, SpanStatusCode.UNSET)
    assert.deepEqual(span.events, [])
  })
})

for (const [where, active] of [
  ['outside of a request', ROOT_CONTEXT],
  ['where tracing is suppressed', suppressTracing(trace.setSpan(ROOT_CONTEXT, parent))],
] as const)
  test(`a call ${where} has no span, and its callee hears of none`, async () => {
    await context.with(active, () => read('/200'))
    assert.deepEqual(exporter.getFinishedSpans(), [])
    assert.deepEqual(seen, [undefined])
  })

test('after it is disabled there is no span, and one again when it is enabled', async () => {
  instrumentation.disable()
  await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => read('/200'))
  assert.deepEqual(exporter.getFinishedSpans(), [])
  instrumentation.enable()
  instrumentation.enable()
  await spanOf(() => read('/200'))
})
