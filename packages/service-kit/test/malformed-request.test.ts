import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { createApp } from '../src/app.ts'

const app = await createApp({ name: 'test', logLevel: 'silent' })
app.post('/things/:id', () => ({}))
const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
after(() => app.close())

/** Sends bytes and reads until the server closes the connection. */
async function send(bytes: string) {
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(bytes)
  const [head, body] = (await text(socket)).split('\r\n\r\n')
  return { head: head!, body: JSON.parse(body!) }
}

describe('what is refused before there is a route is answered as a problem', () => {
  const close = 'host: a\r\nconnection: close\r\n\r\n'
  for (const [name, bytes, status] of [
    ['nonsense', 'hello\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nnonsense\r\n\r\n', 400],
    ['two lengths', 'POST /things/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST /things/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
    ['more than 16 KiB of headers', `GET / HTTP/1.1\r\nx-long: ${'a'.repeat(17_000)}\r\n${close}`, 431],
    ['a path of more than 16 KiB', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${close}`, 431],
    ['a path that is no UTF-8', `GET /things/%ff HTTP/1.1\r\n${close}`, 400],
    ['a path with a stray %', `GET /things/50%off HTTP/1.1\r\n${close}`, 400],
  ] as const) {
    test(`${name}: ${status}`, async () => {
      const { head, body } = await send(bytes)
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(head, /content-type: application\/problem\+json/i)
      assert.equal(body.status, status)
      assert.ok(body.title && body.detail && body.error)
    })
  }
})

test('a body that breaks off is the client’s failure', async () => {
  const answered = Promise.withResolvers<number>()
  const app = await createApp({ name: 'test', logLevel: 'silent' })
  app.post('/things', () => ({}))
  app.addHook('onSend', async (_request, reply) => answered.resolve(reply.statusCode))
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  after(() => app.close())
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    'POST /things HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  )
  setTimeout(() => socket.destroy(), 50)
  assert.equal(await answered.promise, 400)
})
