import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { createApp } from '../src/app.ts'
import { createManagement } from '../src/management.ts'

async function listening(allowedHosts?: string) {
  const app = await createApp({ name: 'test', logLevel: 'silent', ...(allowedHosts && { allowedHosts }) })
  after(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

/** The status of what is answered to `lines`, sent as they are. */
async function statusOf(app: Awaited<ReturnType<typeof listening>>, ...lines: string[]): Promise<number> {
  const { port } = app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`)
  return Number((await text(socket)).split(' ')[1])
}

describe('the name in Host', () => {
  test('is one of this machine’s own unless a setting says otherwise', async () => {
    const app = await listening()
    for (const [host, status] of [
      ['localhost', 200],
      ['LOCALHOST:8080', 200],
      ['127.0.0.1:1', 200],
      ['[::1]:8080', 200],
      ['attacker.example', 421],
      ['attacker.example:8080', 421],
      ['localhost.attacker.example', 421],
      ['127.0.0.1.attacker.example', 421],
      ['attacker.example:localhost', 421],
      ['localhost@attacker.example', 421],
      ['localhost,attacker.example', 421],
      ['', 421],
    ] as const) {
      assert.equal(await statusOf(app, 'GET /health HTTP/1.1', `Host: ${host}`), status, host)
    }
  })

  test('is one of those that are allowed, or any', async () => {
    const named = await listening('shop.example,order')
    for (const [host, status] of [
      ['shop.example', 200],
      ['order:8083', 200],
      ['localhost', 421],
    ] as const) {
      assert.equal(await statusOf(named, 'GET /health HTTP/1.1', `Host: ${host}`), status, host)
    }
    assert.equal(await statusOf(await listening('*'), 'GET /health HTTP/1.1', 'Host: attacker.example'), 200)
  })

  test('is given once', async () => {
    const app = await listening()
    assert.equal(await statusOf(app, 'GET /health HTTP/1.1', 'Host: localhost', 'Host: localhost'), 400)
    assert.equal(await statusOf(app, 'GET /health HTTP/1.1', 'Host: localhost', 'hOST: attacker.example'), 400)
  })

  test('is checked on every path, and answered with problem details', async () => {
    const app = await listening()
    for (const url of ['/health', '/nothing', '/docs']) {
      const answer = await app.inject({ url, headers: { host: 'attacker.example' } })
      assert.equal(answer.statusCode, 421, url)
      assert.match(String(answer.headers['content-type']), /problem\+json/)
      assert.ok(!answer.body.includes('localhost'), 'the names are not told')
    }
  })

  test('is checked on the management port too', async () => {
    const app = await listening()
    const management = createManagement(app, 'localhost')
    after(() => management.close())
    for (const url of ['/livez', '/readyz', '/metrics']) {
      assert.equal((await management.inject({ url, headers: { host: 'attacker.example' } })).statusCode, 421, url)
      assert.equal((await management.inject({ url, headers: { host: 'localhost:9464' } })).statusCode, 200, url)
    }
  })
})
