import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { deadlinePassed, UpstreamError } from '../src/upstream-error.ts'
import { withRetries } from '../src/upstream-retry.ts'
import { json, startServer, unusedUrl } from '../testing/http-server.ts'
import { connect, get, pieces, post } from './observed-upstream.ts'

describe('trying again', () => {
  test('a repeatable request whose connection was lost, until it is answered', async () => {
    const server = await startServer((_, response) => {
      if (server.seen.length < 3) response.destroy()
      else json(response, 200, { attempt: server.seen.length })
    })
    const { upstream, events } = connect(server.url)
    assert.deepEqual((await upstream.requestJson(get())).body, { attempt: 3 })
    assert.deepEqual(events, ['GET connection-lost', 'retry 1', 'GET connection-lost', 'retry 2', 'GET 200'])
  })

  test('a small answer that broke off', async () => {
    const server = await startServer((_, response) => {
      if (server.seen.length > 1) return json(response, 200, { whole: true })
      response.writeHead(200, { 'content-length': 100 }).write('{"half":')
      setTimeout(() => response.destroy(), 20)
    })
    assert.deepEqual((await connect(server.url).upstream.requestJson(get())).body, { whole: true })
  })

  test('an attempt that hangs, on what is left of the time', async () => {
    const server = await startServer((_, response) => {
      if (server.seen.length > 1) json(response, 200, {})
    })
    const { upstream, events } = connect(server.url, { attemptTimeout: 100 })
    assert.equal((await upstream.request(get())).statusCode, 200)
    assert.deepEqual(events, ['GET timeout', 'retry 1', 'GET 200'])
  })

  test('never once the time was over, whatever the clock says', async () => {
    const error = new UpstreamError('neighbour', 'caller-deadline', false, { cause: deadlinePassed })
    const attempt = mock.fn(() => Promise.reject(error))
    await assert.rejects(withRetries('neighbour', get(), attempt, {}), { failure: 'caller-deadline' })
    assert.equal(attempt.mock.callCount(), 1)
  })

  for (const status of [502, 503, 504]) {
    test(`a repeatable request answered ${status}, three times at most`, async () => {
      const { url, seen } = await startServer((_, response) => json(response, status, { seen: seen.length }))
      assert.deepEqual(await connect(url).upstream.requestJson(get()), { statusCode: status, body: { seen: 3 } })
    })
  }

  for (const status of [400, 404, 409, 429, 500]) {
    test(`never an answer of ${status}`, async () => {
      const { url, seen } = await startServer((_, response) => json(response, status, {}))
      assert.equal((await connect(url).upstream.request(get())).statusCode, status)
      assert.equal(seen.length, 1)
    })
  }

  test('says that a request may have been processed that was answered 503 before nobody was reached', async () => {
    const server = await startServer((_, response) => {
      json(response, 503, {}, { connection: 'close' })
      response.once('close', () => server.close())
    })
    const { upstream, events } = connect(server.url)
    await assert.rejects(upstream.request(get({ method: 'PUT' })), { failure: 'not-connected', maybeProcessed: true })
    assert.deepEqual(events.slice(0, 3), ['PUT 503', 'retry 1', 'PUT not-connected'])
  })

  test('never what may not be repeated, once it was sent', async () => {
    const server = await startServer((_, response) => response.destroy())
    const { upstream } = connect(server.url)
    await assert.rejects(upstream.request(post()), { failure: 'connection-lost', maybeProcessed: true })
    server.answer = (_, response) => json(response, 503, {})
    assert.equal((await upstream.request(post())).statusCode, 503)
    assert.equal(server.seen.length, 2)
  })

  test('also what may not be repeated while nobody was reached', async () => {
    const url = await unusedUrl()
    const { upstream, events } = connect(url)
    const answer = upstream.request(post())
    const { seen } = await startServer((_, response) => json(response, 201, {}), Number(new URL(url).port))
    assert.equal((await answer).statusCode, 201)
    assert.deepEqual([seen.length, seen[0]!.body, events[0]], [1, '{}', 'POST not-connected'])
  })

  test('sends a body that comes in pieces from its beginning', async () => {
    const server = await startServer((_, response) => {
      if (server.seen.length === 1) response.destroy()
      else json(response, 200, {})
    })
    const request = get({ method: 'PUT', body: pieces('{"a":', '1', '}'), headers: { 'content-length': '7' } })
    assert.equal((await connect(server.url).upstream.request(request)).statusCode, 200)
    assert.deepEqual(
      server.seen.map(({ body }) => body),
      ['{"a":1}', '{"a":1}'],
    )
  })
})

describe('several replicas', () => {
  test('share the requests', async () => {
    const replicas = await Promise.all([1, 2].map(() => startServer((_, response) => json(response, 200, {}))))
    const { upstream } = connect(replicas.map(({ url }) => url).join(','))
    await Promise.all(Array.from({ length: 40 }, () => upstream.request(get())))
    for (const { seen } of replicas) assert.ok(seen.length >= 10, `${seen.length} of 40`)
  })

  test('answer everything while one of them is dead, without a breaker', async () => {
    const alive = await startServer((_, response) => json(response, 201, {}))
    const { upstream, events } = connect(`${await unusedUrl()},${alive.url}`)
    for (let call = 0; call < 50; call++) assert.equal((await upstream.request(post())).statusCode, 201)
    assert.equal(alive.seen.length, 50)
    assert.ok(events.includes('POST not-connected'))
    assert.ok(!events.some((event) => event.startsWith('breaker')))
  })

  test('are spared while they shut down, as long as there is another', async () => {
    const [leaving, staying] = await Promise.all(
      [1, 2].map(() => startServer((_, response) => json(response, 200, {}))),
    )
    const { upstream } = connect(`${leaving!.url},${staying!.url}`)
    leaving!.answer = (_, response) => json(response, 200, {}, { connection: 'close' })
    for (let call = 0; call < 10; call++) await upstream.request(get())
    assert.deepEqual([leaving!.seen.length, staying!.seen.length], [1, 9])
    await staying!.close()
    assert.equal((await upstream.request(get())).statusCode, 200)
  })

  test('take over from one that dies', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => startServer((_, response) => json(response, 200, {}))))
    const { upstream } = connect(`${first!.url},${second!.url}`)
    for (let call = 0; call < 30; call++) {
      if (call === 10) await first!.close()
      assert.equal((await upstream.request(get())).statusCode, 200)
    }
    assert.ok(second!.seen.length >= 20)
  })
})
