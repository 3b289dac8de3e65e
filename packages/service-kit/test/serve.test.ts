import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startService } from '../testing/child-service.ts'
import { startServer } from '../testing/http-server.ts'
import { politeClient } from '../testing/polite-client.ts'

const script = new URL('../testing/slow-service.ts', import.meta.url).pathname

describe('SIGTERM', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`(as ${signal}) under load loses nothing: every request is answered, every client is told to go`, async () => {
      const service = await startService(script, { SHUTDOWN_DELAY_MS: '2000' })
      const clients = Array.from({ length: 24 }, () => politeClient(`${service.url}/work`))
      const loops = clients.map((client) => client.loop())
      await Promise.all(clients.map((client) => client.answered(2)))
      service.child.kill(signal)
      const answers = await Promise.all(loops)
      assert.deepEqual(await service.exited, [0, null])
      for (const ofOne of answers) {
        assert.ok(ofOne.length > 1)
        assert.ok(ofOne.every(({ status, body }) => status === 201 && body === '{"n":1}'))
        assert.equal(ofOne.at(-1)!.headers.connection, 'close')
      }
      const logged = service.log.filter(({ msg }) => msg === 'request')
      assert.equal(logged.length, answers.flat().length)
    })
  }

  test('turns readiness false at once, while requests are still taken', async () => {
    const service = await startService(script, { SHUTDOWN_DELAY_MS: '1500' })
    const readyz = () => fetch(`${service.managementUrl}/readyz`)
    assert.equal((await readyz()).status, 200)
    service.child.kill('SIGTERM')
    let answer = await readyz()
    while (answer.status === 200) answer = await readyz()
    assert.equal(answer.status, 503)
    assert.deepEqual(await answer.json(), {
      status: 'not ready',
      failures: { draining: 'the service is shutting down' },
    })
    assert.equal((await fetch(`${service.managementUrl}/livez`)).status, 200, 'alive while it drains')
    const late = await fetch(`${service.url}/work`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(late.status, 201)
    assert.deepEqual(await service.exited, [0, null])
  })

  test('serves whoever still connects, and closes when nobody has for the delay', async () => {
    const service = await startService(script, { SHUTDOWN_DELAY_MS: '1500' })
    const ask = () => fetch(`${service.url}/health`, { headers: { connection: 'close' } })
    await ask()
    service.child.kill('SIGTERM')
    const told = Date.now()
    while (Date.now() - told < 2 * 1500) {
      assert.equal((await ask()).status, 200)
      await delay(50)
    }
    assert.deepEqual(await service.exited, [0, null])
  })

  test('closes at last although somebody never stops connecting', async () => {
    const service = await startService(script, { SHUTDOWN_DELAY_MS: '300' })
    service.child.kill('SIGTERM')
    const ask = () => fetch(`${service.url}/health`, { headers: { connection: 'close' } })
    await assert.rejects(async () => {
      for (;;) await (await ask()).text()
    }, TypeError)
    assert.deepEqual(await service.exited, [0, null])
  })

  test('does not wait for connections on which nothing was sent, as browsers open them', async () => {
    const service = await startService(script)
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    const closed = once(socket, 'close')
    await once(socket, 'connect')
    await fetch(`${service.url}/health`)
    service.child.kill('SIGTERM')
    assert.deepEqual(await service.exited, [0, null])
    await closed
  })

  test('twice ends the process without waiting', async () => {
    const service = await startService(script, { SHUTDOWN_DELAY_MS: '60000' })
    service.child.kill('SIGTERM')
    while (!service.log.some(({ msg }) => msg === 'shutting down')) await delay(10)
    service.child.kill('SIGTERM')
    assert.deepEqual(await service.exited, [1, null])
  })
})

const somaxconn = process.platform === 'linux' ? Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')) : 0
const crowd = 1000

test(`${crowd} connections are taken while the event loop is busy`, {
  skip: somaxconn < crowd && `the system lets ${somaxconn} wait`,
}, async () => {
  const service = await startService(script)
  const port = Number(new URL(service.url).port)
  service.child.kill('SIGSTOP')
  const sockets = Array.from({ length: crowd }, () => connect(port, '127.0.0.1'))
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  } finally {
    for (const socket of sockets) socket.destroy()
    service.child.kill('SIGCONT')
  }
  service.child.kill('SIGTERM')
  assert.deepEqual(await service.exited, [0, null])
})

describe('what goes wrong', () => {
  test('an error that nobody catches is logged, and ends the process after the running requests', async () => {
    const service = await startService(script)
    await fetch(`${service.url}/fail`, { method: 'POST' })
    const headers = { 'content-type': 'application/json' }
    const running = await fetch(`${service.url}/work`, { method: 'POST', headers, body: '{}' })
    assert.equal(running.status, 201)
    assert.equal(running.headers.get('connection'), 'close')
    assert.deepEqual(await service.exited, [1, null])
    const fatal = service.log.find(({ level }) => level === 'fatal') as { err: { message: string } } | undefined
    assert.equal(fatal?.err.message, 'nobody catches this')
  })

  test('a port that is taken ends the boot and is named', async () => {
    const { url } = await startServer(() => {})
    const { port } = new URL(url)
    await assert.rejects(startService(script, { PORT: port }), new RegExp(`EADDRINUSE.*${port}`))
  })
})
