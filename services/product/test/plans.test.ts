import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { preparedPlans } from '@hello/postgres/prepared-plans'
import { createTestDatabase } from '@hello/postgres/test-database'
import { buildApp } from '../src/app.ts'
import { productRepository } from '../src/product-repository.ts'

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
test('no statement of a request reads all products', async () => {
  await app.database.query(
    `INSERT INTO products (id, name, price_cents) SELECT 'product-' || n, 'Product', 100 FROM generate_series(1, 100) AS n`,
  )
  await app.database.query('ANALYZE')

  const products = productRepository(app.database)
  await products.create({ id: 'one', name: 'One', priceCents: 100 })
  await products.find('one')
  await products.list({ after: undefined, limit: 100 })

  const plans = await preparedPlans(app.database)
  assert.deepEqual([...plans.keys()], ['product-create', 'product-find', 'product-list'])
  for (const [name, plan] of plans) assert.doesNotMatch(plan, /Seq Scan/, name)
})
