import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createApp } from '../src/app.ts'
import { createManagement } from '../src/management.ts'

async function managed() {
  const app = await createApp({ name: 'test', logLevel: 'silent' })
  const management = createManagement(app, '*')
  after(async () => {
    await management.close()
    await app.close()
  })
  await app.ready()
  const readyz = async () => {
    const answer = await management.inject('/readyz')
    return { status: answer.statusCode, ...answer.json() }
  }
  return { app, readyz }
}

test('names each check that fails, with its code or else its message, and recovers with it', async () => {
  const { app, readyz } = await managed()
  assert.deepEqual(await readyz(), { status: 'ready' })
  let healthy = false
  app.readiness.add('database', async () => {
    if (!healthy) throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  })
  app.readiness.add('disk', async () => {
    if (!healthy) throw new Error('full')
  })
  app.readiness.add('other', async () => {})
  assert.deepEqual(await readyz(), { status: 'not ready', failures: { database: 'ECONNREFUSED', disk: 'full' } })
  healthy = true
  assert.deepEqual(await readyz(), { status: 'ready' })
})

test('a check that hangs has failed before the kubelet loses patience', async () => {
  const { app, readyz } = await managed()
  app.readiness.add('database', () => new Promise(() => {}))
  const started = performance.now()
  assert.deepEqual((await readyz()).failures, { database: 'no answer within 1500 ms' })
  assert.ok(performance.now() - started >= 1400)
})

test('draining is not ready whatever the checks say, and asks clients to close', async () => {
  const { app, readyz } = await managed()
  assert.equal((await app.inject('/health')).headers.connection, 'keep-alive')
  app.readiness.drain()
  assert.deepEqual((await readyz()).failures, { draining: 'the service is shutting down' })
  for (const path of ['/health', '/nothing']) {
    assert.equal((await app.inject(path)).headers.connection, 'close', path)
  }
})
