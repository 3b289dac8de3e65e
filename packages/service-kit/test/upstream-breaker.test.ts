import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { defineProblem } from '../src/problem.ts'
import { json, startServer } from '../testing/http-server.ts'
import { connect, get, post } from './observed-upstream.ts'

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
