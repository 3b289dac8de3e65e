import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { deadlineHeader, deadlineOver } from '../src/deadline-header.ts'
import { json, startServer, startTcpServer, unusedUrl } from '../testing/http-server.ts'
import { connect, get, post } from './observed-upstream.ts'

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
    const { upstream, events } = connect(url, { attemptTimeout: 60_000 })
    // The longer the machine takes to send it, the longer it waits.
    let error: Error | undefined
    for (let wait = 150; seen.length === 0; wait *= 2)
      error = await upstream.request(get({ deadline: Date.now() + wait })).then(
        () => undefined,
        (reason) => reason,
      )
    assert.deepEqual(
      { ...error },
      {
        name: 'UpstreamError',
        upstream: 'neighbour',
        failure: 'caller-deadline',
        maybeProcessed: true,
      },
    )
    assert.deepEqual([seen.length, events.at(-1)], [1, 'GET caller-deadline'])
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

test('an idle connection is given up before a pod that shuts down closes it, 5 s after it said so', async () => {
  const lost = Promise.withResolvers<string>()
  const { url } = await startServer((_, response) => {
    response.socket!.once('end', () => lost.resolve('given up'))
    json(response, 200, {}, { 'keep-alive': 'timeout=72' })
  })
  await connect(url).upstream.request(get())
  assert.equal(await Promise.race([lost.promise, delay(5000, 'kept')]), 'given up')
})
