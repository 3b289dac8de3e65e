import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { deadlineHeader, deadlineOver } from '../src/deadline-header.ts'
import { defineProblem } from '../src/problem.ts'
import { createUpstream, type Upstream, type UpstreamOptions, type UpstreamRequest } from '../src/upstream.ts'
import { json, startServer, startTcpServer, unusedUrl } from '../testing/http-server.ts'

const open: Upstream[] = []
afterEach(() => Promise.all(open.splice(0).map((upstream) => upstream.close())))

function connect(url: string, options: Partial<UpstreamOptions> = {}) {
  const events: string[] = []
  const upstream = createUpstream({
    name: 'neighbour',
    url,
    attemptTimeout: 2000,
    observer: {
      onAttempt: (_, method, seconds, outcome) => {
        assert.ok(seconds >= 0)
        events.push(`${method} ${outcome}`)
      },
      onRetry: (_, attempt) => events.push(`retry ${attempt}`),
      onBreaker: (_, state) => events.push(`breaker ${state}`),
    },
    ...options,
  })
  open.push(upstream)
  return { upstream, events }
}

const get = (more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'GET',
  path: '/thing',
  deadline: Date.now() + 5000,
  repeatable: true,
  ...more,
})
const post = (more: Partial<UpstreamRequest> = {}) => get({ method: 'POST', body: '{}', repeatable: false, ...more })

/** A body that arrives in pieces, from the beginning each time. */
const pieces = (...parts: string[]) => ({
  async *[Symbol.asyncIterator]() {
    for (const part of parts) {
      await delay(5)
      yield Buffer.from(part)
    }
  },
})

describe('an answer', () => {
  test('that is small and of known length comes whole', async () => {
    const { url } = await startServer((_, response) => json(response, 200, { fine: true }, { etag: '"1"' }))
    const answer = await connect(url).upstream.request(get())
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers.etag, '"1"')
    assert.equal(String(answer.body), '{"fine":true}')
    assert.ok(Buffer.isBuffer(answer.body))
  })

  for (const { name, length, chunked } of [
    { name: 'of unknown length', length: 1000, chunked: true },
    { name: 'above 64 KiB', length: 5_000_000, chunked: false },
  ]) {
    test(`${name} is a stream, with its headers at once`, async () => {
      let finish = () => {}
      const { url } = await startServer((_, response) => {
        if (!chunked) response.setHeader('content-length', length)
        response.write('a'.repeat(length / 2))
        finish = () => response.end('b'.repeat(length / 2))
      })
      const { body } = await connect(url).upstream.request(get())
      assert.ok(body instanceof Readable)
      finish()
      assert.equal((await text(body)).length, length)
    })
  }

  test('streamed and cut in the middle is an error of the stream', async () => {
    const { url } = await startServer((_, response) => {
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const { body } = await connect(url).upstream.request(get())
    await assert.rejects(text(body as Readable))
  })

  test('streamed and not wanted frees its connection', async () => {
    const closed = Promise.withResolvers<void>()
    const { url } = await startServer((_, response) => {
      response.on('close', closed.resolve)
      response.write('first')
    })
    const { body } = await connect(url).upstream.request(get())
    ;(body as Readable).destroy()
    await closed.promise
  })

  for (const status of [204, 304]) {
    test(`of status ${status} has an empty body`, async () => {
      const { url } = await startServer((_, response) => response.writeHead(status).end())
      const answer = await connect(url).upstream.request(get())
      assert.deepEqual([answer.statusCode, String(answer.body)], [status, ''])
    })
  }

  test('to HEAD keeps its content-length and has an empty body', async () => {
    const { url } = await startServer((_, response) => response.writeHead(200, { 'content-length': 999_999 }).end())
    const answer = await connect(url).upstream.request(get({ method: 'HEAD' }))
    assert.deepEqual([answer.headers['content-length'], String(answer.body)], ['999999', ''])
  })

  test('of JSON is parsed on demand, and anything else is no answer', async () => {
    const server = await startServer((_, response) => json(response, 201, { id: 7 }))
    const { upstream } = connect(server.url)
    assert.deepEqual(await upstream.requestJson(get()), { statusCode: 201, body: { id: 7 } })
    server.answer = (_, response) => response.end('<html>')
    await assert.rejects(upstream.requestJson(get()), { failure: 'bad-answer', maybeProcessed: true })
  })
})

describe('the deadline', () => {
  test('is passed on', async () => {
    const { url, seen } = await startServer((_, response) => json(response, 200, {}))
    const request = get()
    await connect(url).upstream.request(request)
    assert.equal(seen[0]!.headers[deadlineHeader], String(request.deadline))
  })

  test('ends the waiting, and says that the upstream may have acted', async () => {
    const { url, seen } = await startServer(() => {})
    const { upstream, events } = connect(url)
    await assert.rejects(upstream.request(get({ deadline: Date.now() + 150 })), {
      failure: 'caller-deadline',
      maybeProcessed: true,
    })
    assert.deepEqual([seen.length, events], [1, ['GET caller-deadline']])
  })

  test('that has passed already sends nothing', async () => {
    const { url, seen } = await startServer(() => {})
    await assert.rejects(connect(url).upstream.request(get({ deadline: Date.now() - 1 })), {
      failure: 'caller-deadline',
      maybeProcessed: false,
    })
    assert.equal(seen.length, 0)
  })

  test('that had passed when the request arrived is not for the client behind to hear of', async () => {
    const { url, seen } = await startServer((_, response) =>
      json(response, 408, {}, { [deadlineHeader]: deadlineOver }),
    )
    const { upstream, events } = connect(url)
    await assert.rejects(upstream.request(post()), { failure: 'caller-deadline', maybeProcessed: false })
    assert.equal(seen.length, 3, 'nothing was done, so it may be sent again')
    assert.equal(events[0], 'POST caller-deadline')
  })

  test('that leaves no time for a second attempt does not excuse the first', async () => {
    const { url } = await startServer(() => {})
    const { upstream } = connect(url, { attemptTimeout: 200 })
    await assert.rejects(upstream.request(get({ deadline: Date.now() + 350 })), { failure: 'timeout' })
  })
})

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

describe('who was not reached', () => {
  test('is told from who broke off', async () => {
    const { upstream } = connect(await unusedUrl())
    await assert.rejects(upstream.request(post()), { failure: 'not-connected', maybeProcessed: false })
  })

  test('includes a name that does not resolve', async () => {
    const { upstream } = connect('http://nobody.invalid:80')
    await assert.rejects(upstream.request(post()), { failure: 'not-connected', maybeProcessed: false })
  })

  test('does not include a server that answers nonsense', async () => {
    const { url } = await startTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('220 smtp.example ready\r\n'))
    })
    const { upstream } = connect(url)
    await assert.rejects(upstream.request(post()), { failure: 'connection-lost', maybeProcessed: true })
  })
})

describe('the breaker', () => {
  test('opens after failures, lets nothing through, tries once after a second and closes again', async () => {
    const server = await startServer((_, response) => response.destroy())
    const { upstream, events } = connect(server.url)
    while (!events.includes('breaker open')) await assert.rejects(upstream.request(post()))
    const reached = server.seen.length
    await assert.rejects(upstream.request(post()), { failure: 'breaker-open', maybeProcessed: false })
    assert.equal(server.seen.length, reached)

    server.answer = async (_, response) => {
      await delay(100)
      json(response, 200, {})
    }
    await delay(1050)
    const test = upstream.request(get())
    await delay(20)
    await assert.rejects(upstream.request(get()), { failure: 'breaker-open' }, 'nobody waits for the test call')
    assert.equal((await test).statusCode, 200)
    assert.equal((await upstream.request(get())).statusCode, 200)
    assert.deepEqual(
      events.filter((event) => event.startsWith('breaker')),
      ['breaker open', 'breaker half-open', 'breaker closed'],
    )
  })

  test('stays closed when callers leave no time', async () => {
    const { url } = await startServer(async (_, response) => {
      await delay(100)
      json(response, 200, {})
    })
    const { upstream, events } = connect(url)
    for (const left of [-1, 1, 20]) {
      const calls = Array.from({ length: 50 }, () => upstream.request(get({ deadline: Date.now() + left })))
      for (const { status } of await Promise.allSettled(calls)) assert.equal(status, 'rejected')
    }
    assert.deepEqual(new Set(events), new Set(['GET caller-deadline']))
    assert.equal((await upstream.request(get())).statusCode, 200)
  })

  test('stays closed whatever statuses are answered', async () => {
    const { url } = await startServer((_, response) => json(response, 500, {}))
    const { upstream, events } = connect(url)
    for (let call = 0; call < 30; call++) assert.equal((await upstream.request(post())).statusCode, 500)
    assert.ok(events.every((event) => event === 'POST 500'))
  })

  test('stays closed when callers fail to deliver their bodies', async () => {
    const { url } = await startServer((_, response) => json(response, 200, {}))
    const { upstream, events } = connect(url, { attemptTimeout: 700 })
    const refused = defineProblem('test', { status: 413, title: 'Refused' })
    const failing = {
      async *[Symbol.asyncIterator]() {
        yield Buffer.from('{')
        throw refused('enough')
      },
    }
    const endless = {
      async *[Symbol.asyncIterator]() {
        yield Buffer.from('{')
        await delay(1000, undefined, { ref: false })
      },
    }
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        await assert.rejects(upstream.request(post({ body: failing })), { status: 413 })
        await assert.rejects(upstream.request(post({ body: endless })), { status: 408 })
      }),
    )
    assert.deepEqual(new Set(events), new Set(['POST caller-failed']))
    assert.equal((await upstream.request(get())).statusCode, 200)
  })
})

test('an idle connection is given up before a pod that shuts down closes it, 5 s after it said so', async () => {
  const lost = Promise.withResolvers<string>()
  const { url } = await startServer((_, response) => {
    response.socket!.once('end', () => lost.resolve('given up'))
    json(response, 200, {}, { 'keep-alive': 'timeout=72' })
  })
  await connect(url).upstream.request(get())
  assert.equal(await Promise.race([lost.promise, delay(5000, 'kept')]), 'given up')
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
