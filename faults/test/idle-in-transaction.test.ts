import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../../services/inventory/src/app.ts'
import { idleInTransaction } from '../idle-in-transaction/fault.ts'
import { settings, whileSet } from './flagged.ts'

test('orders of one product wait while a session idles in its transaction', async () => {
  const app = await buildApp({ ...settings, DATABASE_URL: await createTestDatabase(), SEED_DEMO: true })
  after(() => app.close())
  await app.ready()
  const reserve = async (orderId: string, productId: string) => {
    const url = `/reservations/${orderId}`
    return (await app.inject({ method: 'PUT', url, payload: { productId, quantity: 1 } })).statusCode
  }
  const reserved = (orderId: string, productId: string) =>
    eventually(async () => assert.ok((await reserve(orderId, productId)) < 300))
  const idle = async () => {
    const { rows } = await app.database.query(
      `SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
    )
    return rows.map(({ application_name }) => application_name)
  }
  await reserved('before', 'product1')

  await whileSet(idleInTransaction, async () => {
    await eventually(async () => assert.deepEqual(await idle(), ['psql']))
    assert.equal(await reserve('during', 'product1'), 503)
    await reserved('other', 'product2')
    assert.equal((await app.inject('/inventory/product1')).json().quantity, 99)
    assert.equal((await app.inject('/health')).statusCode, 200)
    await eventually(async () => assert.deepEqual(await app.readiness.failures(), {}))
  })

  await eventually(async () => assert.deepEqual(await idle(), []))
  await reserved('during', 'product1')
  assert.equal((await app.inject('/inventory/product1')).json().quantity, 98)
})
