import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Span } from '@hello/signals-api/span'
import { startCollector } from './collector.ts'
import { startScript } from './fixture/start.ts'

const fixture = (name: string) => fileURLToPath(new URL(`fixture/${name}.ts`, import.meta.url))
const collector = await startCollector()
let traces = 0

/** The SERVER spans of one request, and no more than there are: a second request ends after it. */
async function serverSpans(url: string, expected = 1): Promise<Span[]> {
  const ask = async (address: string, count: number) => {
    const traceId = String(++traces).padStart(32, '0')
    await (await fetch(address, { headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` } })).text()
    const match = (span: Span) => span.traceId === traceId && span.kind === 'server'
    await collector.wait(match, count)
    return match
  }
  const match = await ask(url, expected)
  await ask(new URL('/', url).href, 1)
  return collector.spans.filter(match)
}

describe('a server of node:http', async () => {
  const url = await startScript(fixture('plain'), collector.url)

  test('has a SERVER span for each request, which continues the trace of its caller', async () => {
    const [span, ...more] = await serverSpans(`${url}/things?token=hunter2`)
    assert.deepEqual(more, [])
    assert.equal(span!.name, 'GET')
    assert.equal(span!.parentSpanId, 'b'.repeat(16))
    assert.equal(span!.attributes['url.path'], '/things')
    assert.equal(span!.attributes['http.response.status_code'], 200)
    assert.equal(span!.attributes['url.query'], 'token=REDACTED')
  })

  test('has an error for a 5xx', async () => {
    const [span] = await serverSpans(`${url}/broken`)
    assert.equal(span!.status, 'error')
  })

  test('and its calls by the names of an ES module are in one trace', async () => {
    const [, second, ...more] = await serverSpans(`${url}/hop`, 2)
    assert.ok(second)
    assert.deepEqual(more, [])
  })

  test('which hands a request on to a Fastify app has one span, with the route', async () => {
    const [span, ...more] = await serverSpans(`${url}/app/items/7`)
    assert.deepEqual(more, [])
    assert.equal(span!.name, 'GET /app/items/:id')
    assert.equal(span!.attributes['http.route'], '/app/items/:id')
  })
})

test('every server of a Fastify app has its own spans alone, on each address of localhost and where it was made for it', async () => {
  const urls = (await startScript(fixture('every-address'), collector.url)).split(' ')
  assert.ok(urls.length >= 2)
  for (const url of urls) {
    const [span, ...more] = await serverSpans(`${url}/items/7`)
    assert.deepEqual(more, [], url)
    assert.equal(span!.name, 'GET /items/:id')
    assert.equal(span!.attributes['network.peer.address'], undefined, 'what instrumentation-http would add')
  }
})

test('an app that required Fastify has the same two spans, and none for a hook', async () => {
  const url = await startScript(fixture('common-js'), collector.url)
  const [server, ...more] = await serverSpans(`${url}/items/7`)
  assert.deepEqual(more, [])
  assert.equal(server!.name, 'GET /items/:id')
  const below = collector.spans.filter(({ traceId }) => traceId === server!.traceId).filter((span) => span !== server)
  assert.deepEqual(
    below.map(({ name, parentSpanId }) => [name, parentSpanId]),
    [['handler', server!.spanId]],
  )
})
