import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import type { Lab } from '@hello/shop/api/lab'
import { incidentLabs } from '../src/all-labs.ts'
import { NoAnswer } from '../src/ask.ts'
import { startLabServer } from '../src/lab-server.ts'
import { openSession } from '../src/session.ts'

const right = { component: 'order', mechanism: 'errors', evidence: 'abc' }

async function serve(t: TestContext) {
  const attempt = { lab: incidentLabs[1]!, made: { hints: 0, wrong: 0 }, save: () => {} }
  const session = openSession(attempt, { hidden: false, wellFor: 30_000, next: undefined })
  const port = await freePort()
  const server = await startLabServer(session, port)
  t.after(() => server.close())
  const begin = () =>
    session.begin({
      periods: () => ({ healthy: { from: 1000, to: 2000 }, incident: { from: 2000, to: 3000 } }),
      async grade({ component, evidence }) {
        if (evidence === 'away') throw new NoAnswer('GET http://prometheus: connect ECONNREFUSED')
        return { component: component === 'order', mechanism: true, evidence: true }
      },
      end: async () => {},
    })

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Lab & { type: string } }>()
    const sent = request(`http://127.0.0.1:${port}/lab/api/${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    })
    sent.on('error', reject)
    sent.on('response', async (answer) => {
      const text = (await answer.toArray()).join('')
      resolve({ status: answer.statusCode!, body: text && JSON.parse(text) })
    })
    sent.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
    return promise
  }
  return { session, port, begin, ask }
}

test('shows the lab, gives hints, grades, and shows the solution of what is solved', async (t) => {
  const { ask, begin } = await serve(t)
  const { status, body: well } = await ask('GET', 'lab')
  assert.equal(status, 200)
  assert.equal(well.well, true)
  assert.equal((await ask('POST', 'answers', right)).status, 409)
  begin()
  assert.equal((await ask('GET', 'lab')).body.well, false)
  for (const _ of ['once', 'again']) {
    const { body } = await ask('POST', 'hints', { number: 1 })
    assert.equal(body.hints.length, 1)
    assert.equal(body.points, 85)
  }
  assert.equal((await ask('POST', 'hints', { number: 3 })).status, 409)
  const refused = await ask('POST', 'answers', { ...right, component: 'gateway' })
  assert.equal(refused.body.grade?.component, false)
  assert.equal(refused.body.end, null)
  const { points } = refused.body
  assert.equal((await ask('POST', 'answers', { ...right, evidence: 'away' })).status, 503)
  assert.equal((await ask('GET', 'lab')).body.points, points)
  const solved = await ask('POST', 'answers', right)
  assert.equal(solved.body.end?.solved, true)
  assert.ok(solved.body.end.solution.en.length > 100)
  for (const [method, path, body] of [
    ['POST', 'answers', right],
    ['POST', 'hints', { number: 2 }],
    ['DELETE', 'lab', undefined],
  ] as const)
    assert.match((await ask(method, path, body)).body.type, /lab-conflict$/)
})

test('does nothing for a browser, for another name, and for what is no JSON', async (t) => {
  const { ask, begin, session } = await serve(t)
  begin()
  for (const [status, method, path, body, headers] of [
    [404, 'POST', 'hints', { number: 1 }, { origin: 'http://attacker.example' }],
    [404, 'POST', 'hints', { number: 1 }, { origin: 'null' }],
    [404, 'POST', 'answers', right, { 'sec-fetch-site': 'cross-site' }],
    [404, 'POST', 'answers', right, { 'sec-fetch-site': 'same-origin' }],
    [404, 'DELETE', 'lab', undefined, { 'sec-fetch-site': 'same-site' }],
    [404, 'GET', 'lab', undefined, { 'sec-fetch-site': 'cross-site' }],
    [421, 'DELETE', 'lab', undefined, { host: 'attacker.example:4322' }],
    [421, 'POST', 'answers', right, { host: 'attacker.example' }],
    [415, 'POST', 'hints', '{"number":1}', { 'content-type': 'text/plain' }],
    [415, 'POST', 'answers', 'component=order', { 'content-type': 'application/x-www-form-urlencoded' }],
    [400, 'POST', 'answers', '{"component":', {}],
    [400, 'POST', 'answers', { ...right, evidence: 1 }, {}],
    [400, 'POST', 'answers', { ...right, evidence: 'x'.repeat(1001) }, {}],
    [400, 'POST', 'answers', { ...right, solved: true }, {}],
    [400, 'POST', 'hints', { number: 0 }, {}],
    [400, 'POST', 'hints', {}, {}],
    [413, 'POST', 'answers', { ...right, evidence: 'x'.repeat(100_000) }, {}],
    [405, 'PUT', 'lab', right, {}],
  ] as const) {
    const { status: given, body: said } = await ask(method, path, body, headers)
    assert.equal(given, status, `${method} ${path} ${JSON.stringify({ body, headers }).slice(0, 200)}: ${said.type}`)
  }
  const { hints, grade, end } = session.shown()
  assert.deepEqual({ hints, grade, end }, { hints: [], grade: null, end: null })
})

test('says who most likely holds the port', async (t) => {
  const { session, port } = await serve(t)
  await assert.rejects(startLabServer(session, port), /another lab of this shop: end that first/)
})
