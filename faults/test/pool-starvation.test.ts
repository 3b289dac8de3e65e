import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { unusedUrl } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { buildApp } from '../../services/order/src/app.ts'
import { poolStarvation } from '../pool-starvation/fault.ts'
import { settings, whileSet } from './flagged.ts'

test('no request gets a connection of the pool, while PostgreSQL has some and is idle', async () => {
  const url = await createTestDatabase()
  const nobody = await unusedUrl()
  const app = await buildApp({
    ...settings,
    DATABASE_URL: url,
    PRODUCT_SERVICE_URL: nobody,
    INVENTORY_SERVICE_URL: nobody,
  })
  after(() => app.close())
  await app.ready()
  const other = new pg.Client(url)
  await other.connect()
  after(() => other.end())
  const list = () => app.inject('/orders')
  assert.equal((await list()).statusCode, 200)

  await whileSet(poolStarvation, async () => {
    await eventually(async () => assert.equal((await list()).statusCode, 503))
    await eventually(async () => {
      const metrics = await app.metrics.client.register.metrics()
      const waiting = /db_client_connection_pending_requests\{[^}]*\} (\d+)/.exec(metrics)![1]
      assert.ok(Number(waiting) >= 4, `${waiting} wait`)
      assert.match(metrics, /db_client_connection_count\{[^}]*state="idle"\} 0/)
    })
    await eventually(async () => {
      const { rows } = await other.query(
        `SELECT wait_event FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND state = 'active'`,
      )
      assert.deepEqual(
        rows,
        Array.from({ length: settings.DATABASE_POOL_SIZE }, () => ({ wait_event: 'PgSleep' })),
      )
    })
    assert.deepEqual(Object.keys(await app.readiness.failures()), ['database'])
    assert.equal((await app.inject('/health')).statusCode, 200)
  })

  await eventually(async () => assert.equal((await list()).statusCode, 200))
  await eventually(() => app.database.waitingCount === 0 && app.database.idleCount === app.database.totalCount)
  await eventually(async () => assert.deepEqual(await app.readiness.failures(), {}))
})
