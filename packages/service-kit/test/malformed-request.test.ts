import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { createApp } from '../src/app.ts'
import { loopbackHosts } from '../src/host.ts'
import { malformedRequests } from '../src/malformed-request.ts'
import { createManagement } from '../src/management.ts'

const app = await createApp({ name: 'test', logLevel: 'silent' })
app.post('/things/:id', ({ body }) => ({ body }))
app.get('/slow', async () => {
  await delay(100)
  return { slow: true }
})
app.get('/headers', ({ raw }) => ({ count: raw.rawHeaders.length / 2 }))
const appPort = await listen(app)
const management = createManagement(app, loopbackHosts)
const managementPort = await listen(management)
after(async () => {
  await management.close()
  await app.close()
})

async function listen(server: FastifyInstance) {
  return Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port)
}

/** Sends bytes and reads until the server closes the connection. */
async function exchange(bytes: string, port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

async function assertProblem(bytes: string, status: number, port: number) {
  const answer = await exchange(bytes, port)
  const [head, body] = answer.split('\r\n\r\n')
  assert.match(head!, new RegExp(`^HTTP/1.1 ${status} `))
  assert.match(head!, /content-type: application\/problem\+json/i)
  assert.match(head!, /x-request-id: [\da-f-]{36}/)
  const problem = JSON.parse(body!)
  assert.equal(problem.status, status)
  assert.ok(problem.title && problem.detail && problem.error)
  assert.equal(answer.match(/^HTTP\/1.1 \d/gm)!.length, 1, answer)
  return head!
}

const host = 'host: localhost\r\n'
const json = 'content-type: application/json\r\n'
const close = `${host}connection: close\r\n\r\n`
const next = `GET /slow HTTP/1.1\r\n${close}`
const post = (headers: string, body = '') => `POST /things/1 HTTP/1.1\r\n${host}${json}${headers}\r\n${body}`

describe('what is refused before there is a route is answered as a problem', () => {
  for (const [name, bytes, status] of [
    ['nonsense', 'hello\r\n\r\n', 400],
    ['a preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['an unknown method', `FOO /things/1 HTTP/1.1\r\n${close}`, 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nnonsense\r\n\r\n', 400],
    ['a header with a line break of old', `GET / HTTP/1.1\r\n${host}a: b\r\n c\r\n\r\n`, 400],
    ['a blank before the colon', `GET / HTTP/1.1\r\nhost : localhost\r\n\r\n`, 400],
    ['no Host', 'GET /slow HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['two lengths', post('content-length: 1\r\ncontent-length: 2\r\n'), 400],
    ['a negative length', post('content-length: -1\r\n'), 400],
    ['a length and chunks', post('content-length: 1\r\ntransfer-encoding: chunked\r\n'), 400],
    ['a chunk without a length', post('transfer-encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'), 400],
    ['a chunk longer than it says', post('transfer-encoding: chunked\r\n', '1\r\n{}\r\n0\r\n\r\n'), 400],
    [
      'a chunk of 20 kB of extensions',
      post('transfer-encoding: chunked\r\n', `2;${'a'.repeat(20_000)}\r\n{}\r\n`),
      400,
    ],
    ['gzip, then chunks', post('transfer-encoding: gzip, chunked\r\n', `2\r\n{}\r\n0\r\n\r\n${next}`), 400],
    [
      'gzip, then chunks, in two headers',
      post('transfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'),
      400,
    ],
    ['chunks of chunks', post('transfer-encoding: chunked, chunked\r\n', `0\r\n\r\n${next}`), 400],
    ['gzip alone', post('transfer-encoding: gzip\r\n', '{}'), 400],
    ['chunks in HTTP/1.0', post('transfer-encoding: chunked\r\n', '0\r\n\r\n').replace('1.1', '1.0'), 400],
    ['a proxy’s method', `CONNECT localhost:80 HTTP/1.1\r\n${close}`, 405],
    ['another expectation', post('expect: 200-maybe\r\ncontent-length: 2\r\nconnection: close\r\n', '{}'), 417],
    ['more than 16 KiB of headers', `GET / HTTP/1.1\r\nx-long: ${'a'.repeat(17_000)}\r\n${close}`, 431],
    ['a path of more than 16 KiB', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${close}`, 431],
    ['a path that is no UTF-8', `GET /things/%ff HTTP/1.1\r\n${close}`, 400],
    ['a path with a stray %', `GET /things/50%off HTTP/1.1\r\n${close}`, 400],
  ] as const) {
    test(`${name}: ${status}`, async () => {
      await assertProblem(bytes, status, appPort)
      await assertProblem(bytes, status, managementPort)
    })
  }

  test('headers that do not end: 408', async () => {
    const app = Fastify({
      ...malformedRequests,
      requestTimeout: 100,
      http: { headersTimeout: 100, connectionsCheckingInterval: 20 },
    })
    after(() => app.close())
    await assertProblem(`GET / HTTP/1.1\r\n${host}`, 408, await listen(app))
  })

  test('an answer that is under way comes first', async () => {
    const answers = await exchange(`GET /slow HTTP/1.1\r\n${host}\r\nhello\r\n\r\n`, appPort)
    assert.match(answers, /^HTTP\/1.1 200 .*\{"slow":true\}HTTP\/1.1 400 .*problem\+json/s)
  })

  test('nothing follows an answer that was the connection’s last', async () => {
    const answers = await exchange(`GET /slow HTTP/1.1\r\n${close}hello\r\n\r\n`, appPort)
    assert.match(answers, /^HTTP\/1.1 200 .*\{"slow":true\}$/s)
  })

  test('CONNECT names no method in Allow', async () => {
    const head = await assertProblem(`CONNECT localhost:80 HTTP/1.1\r\n${close}`, 405, appPort)
    assert.match(head, /^allow: \r?$/m)
  })
})

describe('what looks odd and is fine is answered as it should be', () => {
  for (const [name, bytes, expected] of [
    [
      'the expectation of 100',
      post('expect: 100-Continue\r\ncontent-length: 7\r\nconnection: close\r\n', '{"a":1}'),
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 .*\{"body":\{"a":1\}\}$/s,
    ],
    [
      'chunks, however it is spelt',
      post('Transfer-Encoding: CHUNKED\r\nconnection: close\r\n', '2\r\n{}\r\n0\r\n\r\n'),
      /\{"body":\{\}\}$/s,
    ],
    [
      'an upgrade that is not taken, with a body',
      post('connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\nconnection: close\r\n', '{}'),
      /^HTTP\/1.1 200 .*\{"body":\{\}\}$/s,
    ],
    [
      '3,000 headers, none of which is lost',
      `GET /headers HTTP/1.1\r\n${'a:\r\n'.repeat(2998)}${close}`,
      /\{"count":3000\}$/s,
    ],
  ] as const) {
    test(name, async () => assert.match(await exchange(bytes, appPort), expected))
  }
})

test('a body that breaks off is the client’s failure', async () => {
  const answered = Promise.withResolvers<number>()
  const app = await createApp({ name: 'test', logLevel: 'silent' })
  app.post('/things', () => ({}))
  app.addHook('onRequest', async () => void socket.destroy())
  app.addHook('onSend', async (_request, reply) => answered.resolve(reply.statusCode))
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  after(() => app.close())
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    'POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  )
  assert.equal(await answered.promise, 400)
})
