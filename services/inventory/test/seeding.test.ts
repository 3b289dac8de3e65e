import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { createApp } from '@hello/service-kit/app'
import { databasePlugin } from '@hello/service-kit/database'
import { buildApp } from '../src/app.ts'

const setup = async (settings: { SEED_DEMO: boolean }) => ({
  DATABASE_URL: await createTestDatabase(),
  DATABASE_POOL_SIZE: 2,
  LOG_LEVEL: 'silent' as const,
  ALLOWED_HOSTS: 'localhost',
  ...settings,
})

test('an empty stock stays empty unless SEED_DEMO says otherwise, and one with rows stays as it is', async (t) => {
  const config = await setup({ SEED_DEMO: false })
  const production = await buildApp(config)
  t.after(() => production.close())
  assert.deepEqual((await production.inject('/inventory')).json(), {})
  await production.inject({ method: 'PUT', url: '/inventory/own', payload: { quantity: 4 } })
  const demo = await buildApp({ ...config, SEED_DEMO: true })
  t.after(() => demo.close())
  assert.deepEqual((await demo.inject('/inventory')).json(), { own: 4 })
})

test('a database of the migrations that seeded is taken over, also where its identity column has gone back', async (t) => {
  const config = await setup({ SEED_DEMO: true })
  const earlier = await createApp({ name: 'inventory', logLevel: 'silent' })
  const migrations = new URL('seeding-migrations/', import.meta.url)
  await earlier.register(databasePlugin, {
    url: config.DATABASE_URL,
    poolSize: 1,
    migrations,
    applicationName: 'earlier',
  })
  await earlier.ready()
  await earlier.database.query(`UPDATE stock SET quantity = 1, supplied = 1 WHERE product_id = 'product2'`)
  await earlier.database.query(`SELECT setval(pg_get_serial_sequence('stock', 'position'), 1)`)
  await earlier.close()

  const app = await buildApp(config)
  t.after(() => app.close())
  const put = await app.inject({ method: 'PUT', url: '/inventory/new', payload: { quantity: 9 } })
  assert.equal(put.statusCode, 200)
  assert.deepEqual((await app.inject('/inventory')).json(), { product1: 100, product2: 1, product3: 75, new: 9 })
})
