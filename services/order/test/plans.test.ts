import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preparedPlans } from '@hello/postgres/prepared-plans'
import { orderRepository } from '../src/order-repository.ts'
import { startOrder } from './running-order.ts'

const { app } = await startOrder({ DATABASE_POOL_SIZE: 1 })
const orders = orderRepository(app.database)

// A statement that was planned while there was little is run so when there are millions.
test('no statement reads all orders, and only who looks for what is pending reads the index of it', async () => {
  await app.database.query(`INSERT INTO orders (id, product_id, product_name, quantity, unit_price_cents, status)
    SELECT 'order-' || n, 'product1', 'Product 1', 1, 1099, 'CREATED' FROM generate_series(1, 100) AS n`)
  await app.database.query('ANALYZE')

  await orders.insert({
    ...{ id: 'one', productId: 'product1', productName: 'Product 1', quantity: 1, unitPriceCents: 1099 },
    ...{ traceparent: null, idempotencyKey: null, customer: null },
  })
  await orders.settle('one', 'CREATED', null)
  await orders.find('one')
  await orders.findByKey('key')
  await orders.keep('one')
  await orders.withdraw('one')
  for (const customer of [null, 'somebody']) await orders.list({ after: undefined, limit: 100, customer })
  await orders.claimPending(10, 20)

  const plans = await preparedPlans(app.database)
  assert.deepEqual(
    [...plans.keys()],
    ['claim-pending', 'find', 'find-by-key', 'insert', 'keep', 'list', 'list-of-customer', 'settle', 'withdraw'].map(
      (name) => `order-${name}`,
    ),
  )
  for (const [name, plan] of plans) {
    assert.doesNotMatch(plan, /Seq Scan/, name)
    if (name !== 'order-claim-pending') assert.doesNotMatch(plan, /orders_pending/, name)
  }
})
