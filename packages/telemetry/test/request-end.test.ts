import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const collector = await startCollector()
const fixture = await startFixture(collector.url)
const { hostname, port } = new URL(fixture.url)

const newTrace = () => randomBytes(16).toString('hex')

/** The text of a request that belongs to a trace of its own; `body` may be less than its announced length. */
function head(method: string, path: string, traceId: string, length?: number) {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', `traceparent: 00-${traceId}-${'1'.repeat(16)}-01`]
  if (length !== undefined) lines.push('Content-Type: application/json', `Content-Length: ${length}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

async function connection(): Promise<Socket> {
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const linesOf = (traceId: string, msg: string) =>
  fixture.log.filter((line) => line.msg === msg && line.trace_id === traceId)

const logged = (traceId: string, msg: string) =>
  eventually(() => assert.ok(linesOf(traceId, msg).length > 0, `no line "${msg}"`), { everyMs: 10 })

async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(`${fixture.managementUrl}/metrics`)).text()
  const counts = text.matchAll(/^http_server_request_duration_seconds_count\{(.*?)\} (\d+)/gm)
  return new Map(Array.from(counts, ([, labels, count]) => [labels!, Number(count)]))
}

const labels = (method: string, route: string, status: string, error: string) =>
  `http_request_method="${method}",http_route="${route}",http_response_status_code="${status}",error_type="${error}"`

/** Waits until the request has ended, lets its handler answer all the same, and tells what signals there are of it. */
async function signalsOf(traceId: string) {
  await logged(traceId, 'request')
  const held = linesOf(traceId, 'holding').length > linesOf(traceId, 'released').length
  await fetch(`${fixture.url}/release`, { method: 'POST' })
  if (held) await logged(traceId, 'released')
  const barrier = newTrace()
  await fetch(`${fixture.url}/items/1`, { headers: { traceparent: `00-${barrier}-${'1'.repeat(16)}-01` } })
  await collector.wait((span) => span.traceId === barrier && span.kind === 'server')
  const spans = collector.spans.filter((span) => span.traceId === traceId && span.kind === 'server')
  return { spans, lines: linesOf(traceId, 'request') }
}

async function assertAbandoned(
  traceId: string,
  method: string,
  route: string,
  before: Map<string, number>,
  status = '',
) {
  const { spans, lines } = await signalsOf(traceId)
  assert.deepEqual(
    spans.map(({ name, status, attributes }) => [
      name,
      status,
      attributes['error.type'],
      String(attributes['http.response.status_code'] ?? ''),
    ]),
    [[`${method} ${route}`, 'error', 'abandoned', status]],
  )
  assert.deepEqual(
    lines.map((line) => [line.level, line.method, line.route, line.outcome, String(line.status ?? ''), line.err]),
    [['info', method, route, 'abandoned', status, undefined]],
  )
  const after = await scrape()
  const grown = [...after].filter(([series, count]) => count !== (before.get(series) ?? 0))
  const own = grown.filter(([series]) => series.includes(`http_route="${route}"`))
  const series = labels(method, route, status, 'abandoned')
  assert.deepEqual(own, [[series, (before.get(series) ?? 0) + 1]])
}

describe('a request that its client abandons is one span, one line and one observation', () => {
  const bodies = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  const cases = [
    ...['GET', 'HEAD', ...bodies].map((method) => ({ method, body: undefined })),
    ...bodies.map((method) => ({ method, body: '{"n":1}' })),
  ]
  for (const { method, body } of cases) {
    for (const end of ['destroy', 'resetAndDestroy', 'end'] as const) {
      test(`${method} ${body ? 'with' : 'without'} a body, by ${end}, while its handler waits`, async () => {
        const before = await scrape()
        const traceId = newTrace()
        const socket = await connection()
        socket.write(head(method, '/held', traceId, body?.length) + (body ?? ''))
        await logged(traceId, 'holding')
        socket[end]()
        await assertAbandoned(traceId, method, '/held', before)
      })
    }
  }

  for (const method of ['GET', 'POST']) {
    test(`${method}, for which its handler fails`, async () => {
      const before = await scrape()
      const traceId = newTrace()
      const socket = await connection()
      socket.write(head(method, '/fails-when-left', traceId))
      await logged(traceId, 'waiting')
      socket.destroy()
      await assertAbandoned(traceId, method, '/fails-when-left', before)
    })
  }

  test('as the second of its connection', async () => {
    const socket = await connection()
    socket.write(head('GET', '/items/1', newTrace()))
    await once(socket, 'data')
    const before = await scrape()
    const traceId = newTrace()
    socket.write(`${head('POST', '/held', traceId, 2)}{}`)
    await logged(traceId, 'holding')
    socket.destroy()
    await assertAbandoned(traceId, 'POST', '/held', before)
  })

  test('while it waits behind another of its connection', async () => {
    const [first, second] = [newTrace(), newTrace()]
    const before = await scrape()
    const socket = await connection()
    socket.write(head('GET', '/held', first) + head('GET', '/held', second))
    await logged(second, 'holding')
    socket.destroy()
    for (const traceId of [first, second]) {
      const { spans, lines } = await signalsOf(traceId)
      assert.equal(spans.length, 1)
      assert.deepEqual(
        lines.map(({ outcome }) => outcome),
        ['abandoned'],
      )
    }
    const series = labels('GET', '/held', '', 'abandoned')
    assert.equal((await scrape()).get(series), (before.get(series) ?? 0) + 2)
  })

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    test(`${method}, while its body is read`, async () => {
      const before = await scrape()
      const traceId = newTrace()
      const socket = await connection()
      socket.write(`${head(method, '/held', traceId, 100)}{"n":`)
      await fetch(`${fixture.url}/items/1`)
      socket.resetAndDestroy()
      await assertAbandoned(traceId, method, '/held', before)
    })
  }

  for (const path of ['/large', '/large-stream']) {
    test(`while ${path} is written`, async () => {
      const before = await scrape()
      const traceId = newTrace()
      const socket = await connection()
      socket.write(head('GET', path, traceId))
      await once(socket, 'data')
      socket.pause()
      socket.resetAndDestroy()
      await assertAbandoned(traceId, 'GET', path, before, '200')
    })
  }
})

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
