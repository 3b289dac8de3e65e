import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { connection, fixture, head, labels, logged, newTrace, scrape, signalsOf } from './request-signals.ts'

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
