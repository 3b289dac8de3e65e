import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { preparedPlans } from '@hello/postgres/prepared-plans'
import { createTestDatabase } from '@hello/postgres/test-database'
import { buildApp } from '../src/app.ts'
import { reservationRepository } from '../src/reservation-repository.ts'
import { stockRepository } from '../src/stock-repository.ts'

const app = await buildApp({
  DATABASE_URL: await createTestDatabase(),
  DATABASE_POOL_SIZE: 1,
  SEED_DEMO: false,
  LOG_LEVEL: 'silent',
  ALLOWED_HOSTS: 'localhost',
})
after(() => app.close())
await app.ready()

// A statement that was planned while there was little is run so when there are millions.
test('no statement of a request reads all stock or all reservations', async () => {
  await app.database.query(
    `INSERT INTO stock (product_id, quantity, supplied) SELECT 'product-' || n, 0, 1 FROM generate_series(1, 100) AS n`,
  )
  await app.database.query(`INSERT INTO reservations (order_id, product_id, quantity, state)
    SELECT 'order-' || n, 'product-' || n, 1, 'RESERVED' FROM generate_series(1, 100) AS n`)
  await app.database.query('ANALYZE')

  const reservations = reservationRepository(app.database)
  const stock = stockRepository(app.database)
  await stock.setUnless('product1', 5, [])
  await stock.setIf('product1', 6, [5], [])
  await stock.find('product1')
  await stock.list({ after: undefined, limit: 100 })
  await reservations.reserve('one', 'product1', 1)
  await reservations.find('one')
  await reservations.release('one')

  const plans = await preparedPlans(app.database)
  assert.deepEqual(
    [...plans.keys()],
    [
      ...['reservation-find', 'reservation-release', 'reservation-reserve'],
      ...['stock-find', 'stock-list', 'stock-set-if', 'stock-set-unless'],
    ],
  )
  for (const [name, plan] of plans) assert.doesNotMatch(plan, /Seq Scan/, name)
})
