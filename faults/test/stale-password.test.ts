import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { buildApp } from '../../services/product/src/app.ts'
import { stalePassword } from '../stale-password/fault.ts'
import { settings, whileSet } from './flagged.ts'

test('PostgreSQL lets the service in no more, only others, until it has the password again', async () => {
  const url = await createTestDatabase()
  const app = await buildApp({ ...settings, DATABASE_URL: url, SEED_DEMO: true })
  after(() => app.close())
  await app.ready()
  const list = () => app.inject('/products')
  const other = new pg.Client(url)
  await other.connect()
  after(() => other.end())
  await Promise.all([list(), list(), list()])

  await whileSet(stalePassword, async () => {
    await eventually(async () => assert.equal((await list()).statusCode, 500))
    await eventually(async () => assert.deepEqual(await app.readiness.failures(), { database: '28P01' }))
    const { rows } = await other.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'product'`,
    )
    assert.equal(rows.length, 0)
    assert.doesNotMatch((await list()).body, /password|28P01/)
    assert.equal((await app.inject('/health')).statusCode, 200)
    assert.match(await app.metrics.client.register.metrics(), /shop_fault_active\{fault="stale-password"\} 1/)
  })

  await eventually(async () => assert.equal((await list()).statusCode, 200))
  await eventually(async () => assert.deepEqual(await app.readiness.failures(), {}))
})
