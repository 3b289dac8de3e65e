import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startService } from '@hello/service-kit/testing/child-service'
import { politeClient } from '@hello/service-kit/testing/polite-client'
import { eventually } from '@hello/test-support/eventually'
import { startGateway } from './gateway.ts'

const gatewayScript = new URL('../src/server.ts', import.meta.url).pathname
const upstreamScript = new URL(import.meta.resolve('@hello/service-kit/testing/slow-service')).pathname

test('SIGTERM of the gateway under load: every request is answered, every client is told to go', async () => {
  const upstream = await startService(upstreamScript)
  const gateway = await startService(gatewayScript, { ORDER_SERVICE_URL: upstream.url, SHUTDOWN_DELAY_MS: '2000' })
  const clients = Array.from({ length: 24 }, () => politeClient(`${gateway.url}/api/orders`))
  const loops = clients.map((client) => client.loop())
  await Promise.all(clients.map((client) => client.answered(2)))
  gateway.child.kill('SIGTERM')
  const answers = await Promise.all(loops)
  assert.deepEqual(await gateway.exited, [0, null])
  for (const ofOne of answers) {
    assert.ok(ofOne.length > 1)
    assert.ok(ofOne.every(({ status, body }) => status === 201 && body === '{"n":1}'))
    assert.equal(ofOne.at(-1)!.headers.connection, 'close')
  }
})

test('SIGTERM of one replica behind the gateway under load: no client sees anything, although POST is not repeated', async () => {
  // as in a pod: longer than the gateway keeps an idle connection, however slow the machine (docs/adr/0002-gateway.md)
  const replicas = await Promise.all([1, 2].map(() => startService(upstreamScript, { SHUTDOWN_DELAY_MS: '4000' })))
  const { url } = await startGateway({ ORDER_SERVICE_URL: replicas.map((replica) => replica.url).join(',') })
  let over = false
  // A machine that is busy may take longer to connect than the gateway waits.
  await eventually(async () => {
    const headers = { 'content-type': 'application/json' }
    const asked = Array.from({ length: 24 }, () => fetch(`${url}/api/orders`, { method: 'POST', headers, body: '{}' }))
    for (const { status } of await Promise.all(asked)) assert.equal(status, 201)
  })
  const clients = Array.from({ length: 24 }, () => politeClient(`${url}/api/orders`))
  const loops = clients.map((client) => client.loop(() => over))
  await Promise.all(clients.map((client) => client.answered(5)))
  replicas[0]!.child.kill('SIGTERM')
  assert.deepEqual(await replicas[0]!.exited, [0, null])
  await delay(300)
  over = true
  const answers = (await Promise.all(loops)).flat()
  assert.ok(answers.length > 100)
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
})
