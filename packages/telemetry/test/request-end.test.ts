import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { connection, fixture, head, labels, newTrace, scrape, signalsOf } from './request-signals.ts'

const signalsOfOne = async (traceId: string) => {
  const { spans, lines } = await signalsOf(traceId)
  assert.equal(spans.length, 1)
  assert.equal(lines.length, 1)
  return { span: spans[0]!, line: lines[0]! }
}

describe('a request is one span, one line and one observation', () => {
  const ask = (traceId: string, path: string, init: RequestInit = {}) =>
    fetch(`${fixture.url}${path}`, {
      ...init,
      headers: { ...init.headers, traceparent: `00-${traceId}-${'1'.repeat(16)}-01` },
    }).then(async (response) => {
      await response.arrayBuffer().catch(() => {})
      return response
    })

  for (const [method, path, route, status] of [
    ['GET', '/items/1', '/items/:id', 200],
    ['HEAD', '/items/1', '/items/:id', 200],
    ['GET', '/nowhere', '__unknown__', 404],
    ['PUT', '/items', '__unknown__', 405],
    ['POST', '/items', '/items', 415],
    ['GET', '/broken', '/broken', 500],
    ['GET', '/broken-hook', '/broken-hook', 500],
  ] as const) {
    test(`when it is answered: ${method} ${path} by ${status}`, async () => {
      const before = await scrape()
      const traceId = newTrace()
      const body = method === 'POST' ? { body: 'n', headers: { 'content-type': 'text/csv' } } : {}
      assert.equal((await ask(traceId, path, { method, ...body })).status, status)
      const { span, line } = await signalsOfOne(traceId)
      const error = status >= 500 ? String(status) : ''
      assert.equal(span.attributes['http.response.status_code'], status)
      assert.equal(span.attributes['error.type'] ?? '', error)
      assert.deepEqual([line.method, line.route, line.status, line.outcome], [method, route, status, undefined])
      const series = labels(method, route, String(status), error)
      const grown = (await scrape()).get(series)! - (before.get(series) ?? 0)
      // Letting go of what is held, and the request after it, count themselves.
      assert.equal(grown, path === '/items/1' && method === 'GET' ? 2 : 1)
    })
  }

  test("when it is for a name that is not the server's own", async () => {
    const before = await scrape()
    const traceId = newTrace()
    const socket = await connection()
    socket.write(head('GET', '/items/1', traceId).replace('127.0.0.1', 'attacker.example'))
    await once(socket, 'data')
    socket.destroy()
    const { span, line } = await signalsOfOne(traceId)
    assert.equal(span.attributes['http.response.status_code'], 421)
    assert.equal(line.status, 421)
    const series = labels('GET', '/items/:id', '421', '')
    assert.equal((await scrape()).get(series), (before.get(series) ?? 0) + 1)
  })

  test('when its answer breaks off half-way, which is its failure', async () => {
    const before = await scrape()
    const traceId = newTrace()
    await ask(traceId, '/broken-stream')
    const { span, line } = await signalsOfOne(traceId)
    assert.equal(span.status, 'error')
    assert.equal(span.attributes['error.type'], 'broken-off')
    assert.equal(span.attributes['http.response.status_code'], 200)
    assert.deepEqual(
      span.events.map(({ attributes }) => attributes['exception.type']),
      ['RangeError'],
    )
    assert.deepEqual([line.level, line.outcome, line.status], ['error', 'broken-off', 200])
    assert.equal((line.err as { message: string }).message, 'the source broke')
    const series = labels('GET', '/broken-stream', '200', 'broken-off')
    assert.equal((await scrape()).get(series), (before.get(series) ?? 0) + 1)
  })

  test('when its method is not known, by a name that no caller chooses', async () => {
    for (const method of ['ACL', 'BIND', 'COPY', 'LINK', 'LOCK', 'MERGE', 'MKCOL', 'PURGE', 'SEARCH', 'UNLOCK']) {
      for (const path of ['/nowhere', '/items/1']) {
        const traceId = newTrace()
        const socket = await connection()
        socket.write(head(method, path, traceId))
        await once(socket, 'data')
        socket.destroy()
        const { span, line } = await signalsOfOne(traceId)
        assert.equal(span.name, 'HTTP')
        assert.equal(span.attributes['http.request.method'], '_OTHER')
        assert.equal(span.attributes['http.request.method_original'], method)
        assert.deepEqual([line.method, line.method_original], ['_OTHER', method])
      }
    }
    const added = [...(await scrape()).keys()].filter((series) => series.includes('_OTHER'))
    assert.deepEqual(
      added.sort(),
      ['404', '405'].map((status) => labels('_OTHER', '__unknown__', status, '')),
    )
  })
})
