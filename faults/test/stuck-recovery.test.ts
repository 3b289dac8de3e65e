import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import type pg from 'pg'
import { buildApp as buildInventory } from '../../services/inventory/src/app.ts'
import { buildApp as buildOrder } from '../../services/order/src/app.ts'
import { buildApp as buildProduct } from '../../services/product/src/app.ts'
import { stuckRecovery } from '../stuck-recovery/fault.ts'
import { settings, whileSet } from './flagged.ts'

const listening = { host: '127.0.0.1', port: 0 }

test('orders stay pending while the recovery finds none, and are all recovered when it ends', async () => {
  const own = async () => ({
    ...settings,
    ALLOWED_HOSTS: '*',
    SEED_DEMO: true,
    DATABASE_URL: await createTestDatabase(),
  })
  const inventory = await buildInventory(await own())
  const product = await buildProduct(await own())
  const order = await buildOrder({
    ...(await own()),
    PRODUCT_SERVICE_URL: await product.listen(listening),
    INVENTORY_SERVICE_URL: await inventory.listen(listening),
  })
  after(async () => {
    await order.close()
    await Promise.all([inventory.close(), product.close()])
  })
  await order.ready()

  /** How often the recovery has looked for orders, and how many it has found. */
  const looks: number[] = []
  const query = order.database.query.bind(order.database) as (statement: pg.QueryConfig) => Promise<pg.QueryResult>
  order.database.query = (async (statement: pg.QueryConfig) => {
    const answer = await query(statement)
    if (statement.name === 'order-claim-pending') looks.push(answer.rows.length)
    return answer
  }) as typeof order.database.query

  const place = () => order.inject({ method: 'POST', url: '/orders', payload: { productId: 'product1', quantity: 1 } })
  const statusOf = async (id: string) => (await order.inject(`/orders/${id}`)).json().status
  const sells = async () => assert.equal((await place()).statusCode, 201)
  await eventually(sells)

  const stuck: string[] = []
  await whileSet(
    stuckRecovery,
    async () => {
      for (const { metrics } of [order, inventory])
        await eventually(async () =>
          assert.match(await metrics.client.register.metrics(), /shop_fault_active\{fault="stuck-recovery"\} 1/),
        )
      looks.length = 0
      await eventually(async () => {
        const answer = await place()
        assert.equal(answer.statusCode, 202)
        stuck.push(answer.json().id)
      })
      await order.database.query({
        name: 'grow-old',
        text: `UPDATE orders SET attempted_at = attempted_at - interval '1 minute'`,
      })
      const before = looks.length
      await eventually(() => looks.length >= before + 3)
      assert.deepEqual(
        looks.filter((found) => found > 0),
        [],
      )
      assert.equal(await statusOf(stuck[0]!), 'PENDING')
      const { rows } = await inventory.database.query('SELECT state FROM reservations WHERE order_id = $1', [stuck[0]])
      assert.deepEqual(rows, [{ state: 'RESERVED' }])
      assert.equal((await inventory.inject('/inventory/product1')).statusCode, 200)
      for (const app of [inventory, order])
        await eventually(async () => assert.deepEqual(await app.readiness.failures(), {}))
    },
    1,
  )

  await eventually(async () => assert.equal(await statusOf(stuck[0]!), 'CREATED'))
  await eventually(async () => {
    const { rows } = await order.database.query(`SELECT FROM orders WHERE status = 'PENDING'`)
    return rows.length === 0
  })
  const { rows: orders } = await order.database.query(`SELECT id FROM orders WHERE status = 'CREATED' ORDER BY id`)
  const { rows: held } = await inventory.database.query(
    `SELECT order_id AS id FROM reservations WHERE state = 'RESERVED' ORDER BY order_id`,
  )
  assert.deepEqual(held, orders)
  await eventually(sells)
})
