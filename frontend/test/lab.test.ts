import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { listen } from '@hello/service-kit/testing/http-server'
import type { Lab } from '@hello/shop/api/lab'
import type { InjectOptions } from 'fastify'
import { frontend } from './frontend-server.ts'

const text = { en: 'word', ko: '말' }
const lab: Lab = {
  name: { number: 2, title: text },
  ...{ situation: text, question: text, components: [{ name: 'order', text }], mechanisms: [] },
  ...{ evidence: { kind: 'trace', asks: text }, well: false, wellSince: 1000, brokenAt: 2000 },
  ...{ hints: [], moreHints: true, costs: { hint: 15, wrong: 10 }, points: 100, grade: null, end: null },
}
const answer = { component: 'order', mechanism: 'errors', evidence: 'abc' }
const calls = [
  ['GET', 'lab', undefined],
  ['POST', 'hints', { number: 1 }],
  ['POST', 'answers', answer],
  ['DELETE', 'lab', undefined],
] as const

const programOf = async (listener: RequestListener) => (await listen(createServer(listener))).url

test('asks the program that runs a lab, and passes no more on than the page may know', async (t) => {
  const seen: { line: string; headers: IncomingMessage['headers']; body: string }[] = []
  const LAB_URL = await programOf(async (request, response) => {
    const body = (await request.toArray()).join('')
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...lab, cause: 'secret' }))
  })
  const app = await frontend(t, { LAB_URL })
  for (const [method, path, payload] of calls) {
    const headers = { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3001', host: 'localhost:3001' }
    const given = await app.inject({ method, url: `/lab/api/${path}`, headers, ...(payload && { payload }) })
    assert.equal(given.statusCode, 200, given.body)
    assert.deepEqual(given.json(), method === 'GET' ? { lab } : lab)
    const { line, headers: sent, body } = seen.pop()!
    assert.equal(line, `${method} /lab/api/${path}`)
    assert.equal(body, payload ? JSON.stringify(payload) : '')
    assert.equal(sent.origin, undefined)
    assert.equal(sent['sec-fetch-site'], undefined)
  }
})

test('passes a refusal on as it is', async (t) => {
  const problem = { type: 'x:lab-conflict', title: 'Not now', status: 409, detail: 'Not broken yet.', error: 'Not now' }
  const LAB_URL = await programOf((_request, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  })
  const app = await frontend(t, { LAB_URL })
  const given = await app.inject({ method: 'POST', url: '/lab/api/answers', payload: answer })
  assert.equal(given.statusCode, 409)
  assert.match(String(given.headers['content-type']), /problem\+json/)
  assert.deepEqual(given.json(), problem)
})

test('says that no lab runs, and how one is begun', async (t) => {
  const app = await frontend(t, { LAB_URL: 'http://127.0.0.1:1' })
  assert.deepEqual((await app.inject('/lab/api/lab')).json(), { lab: null })
  for (const [method, path, payload] of calls.slice(1)) {
    const given = await app.inject({ method, url: `/lab/api/${path}`, ...(payload && { payload }) })
    assert.equal(given.statusCode, 404, given.body)
    assert.match(given.json().type, /no-lab$/)
    assert.match(given.json().detail, /make lab N=1/)
  }
})

/** Asks again while the address asks too often. */
async function patiently(app: Awaited<ReturnType<typeof frontend>>, options: InjectOptions) {
  for (;;) {
    const given = await app.inject(options)
    if (given.statusCode !== 429) return given
    await delay(200)
  }
}

test('takes another program on the port for none', async (t) => {
  for (const body of ['<!doctype html>', '{"lab":1}', '']) {
    const LAB_URL = await programOf((_request, response) => response.end(body))
    const app = await frontend(t, { LAB_URL })
    assert.deepEqual((await app.inject('/lab/api/lab')).json(), { lab: null }, body)
    assert.equal((await app.inject({ method: 'DELETE', url: '/lab/api/lab' })).statusCode, 404)
  }
})

test('takes nothing of a page of another origin, and nothing that is no answer', async (t) => {
  let asked = 0
  const LAB_URL = await programOf((_request, response) => {
    asked++
    response.end('{}')
  })
  const app = await frontend(t, { LAB_URL })
  const host = 'localhost:3001'
  const json = 'application/json'
  for (const [status, method, path, payload, headers] of [
    ...calls
      .slice(1)
      .flatMap(([method, path, body]) =>
        [
          { 'sec-fetch-site': 'cross-site' },
          { 'sec-fetch-site': 'same-site' },
          { 'sec-fetch-site': 'none' },
          { origin: 'http://attacker.example', host },
          { origin: 'http://localhost:3002', host },
          { origin: 'null', host },
        ].map((headers) => [403, method, path, body && JSON.stringify(body), headers] as const),
      ),
    ...calls.map(
      ([method, path, body]) => [421, method, path, body && JSON.stringify(body), { host: 'rebound.example' }] as const,
    ),
    [415, 'POST', 'hints', '{"number":1}', { 'content-type': 'text/plain' }],
    [415, 'POST', 'answers', 'component=order', { 'content-type': 'application/x-www-form-urlencoded' }],
    [400, 'POST', 'answers', '{"component":', {}],
    [400, 'POST', 'answers', JSON.stringify({ ...answer, evidence: ['abc'] }), {}],
    [400, 'POST', 'answers', JSON.stringify({ ...answer, evidence: 'x'.repeat(1001) }), {}],
    [400, 'POST', 'answers', JSON.stringify({ ...answer, solved: true }), {}],
    [400, 'POST', 'hints', '{"number":1.5}', {}],
    [400, 'POST', 'hints', '{"number":1e308}', {}],
    [400, 'POST', 'hints', undefined, {}],
    [413, 'POST', 'answers', JSON.stringify({ ...answer, evidence: 'x'.repeat(100_000) }), {}],
  ] as const) {
    const type = payload !== undefined && { 'content-type': json }
    const given = await patiently(app, {
      ...{ method, url: `/lab/api/${path}`, headers: { ...type, ...headers } },
      ...(payload !== undefined && { payload }),
    })
    assert.equal(given.statusCode, status, `${method} ${path} ${JSON.stringify(headers)} ${given.body}`)
    assert.match(String(given.headers['content-type']), /problem\+json/)
  }
  assert.equal(asked, 0)
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/lab/api/lab',
    headers: { origin: 'http://evil.example' },
  })
  assert.equal(preflight.headers['access-control-allow-origin'], undefined)
  const burst = await Promise.all(
    Array.from({ length: 10 }, () => app.inject({ method: 'DELETE', url: '/lab/api/lab' })),
  )
  assert.ok(burst.some(({ statusCode }) => statusCode === 429))
})

test('where no lab is answered, there is nothing, whoever asks and however', async (t) => {
  const app = await frontend(t)
  assert.equal((await app.inject('/config.json')).json().lab, false)
  for (const [, path, payload] of calls)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const given = await app.inject({
        ...{ method, url: `/lab/api/${path}`, headers: { accept: 'text/html' } },
        ...(payload && { payload }),
      })
      assert.equal(given.statusCode, 404, `${method} ${path}`)
      if (method !== 'HEAD') assert.match(given.json().type, /route-not-found$/)
    }
})
