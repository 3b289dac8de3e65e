import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../src/app.ts'
import { reservationRepository } from '../src/reservation-repository.ts'
import { stockRepository } from '../src/stock-repository.ts'

type App = Awaited<ReturnType<typeof buildApp>>

const config = {
  DATABASE_URL: await createTestDatabase(),
  DATABASE_POOL_SIZE: 8,
  SEED_DEMO: false,
  LOG_LEVEL: 'silent' as const,
  ALLOWED_HOSTS: 'localhost',
}
const [{ database }, { database: replica }] = (await Promise.all(
  [0, 1].map(async () => {
    const app = await buildApp(config)
    after(() => app.close())
    await app.ready()
    return app
  }),
)) as [App, App]

const reservations = reservationRepository(database)
const stock = stockRepository(database)
const supply = (productId: string, quantity: number) => stock.setUnless(productId, quantity, [])

/** Locks the stock of a product until the returned function is called. */
async function hold(productId: string) {
  const client = await replica.connect()
  await client.query('BEGIN')
  await client.query('SELECT FROM stock WHERE product_id = $1 FOR UPDATE', [productId])
  return async () => {
    await client.query('COMMIT')
    client.release()
  }
}

/** Reserves all in one statement, for they are asked for in one turn. */
const together = (wishes: [orderId: string, productId: string, quantity: number][]) =>
  Promise.all(wishes.map((wish) => reservations.reserve(...wish)))

test('of one statement each is decided in turn: who wants more than is left takes nothing from the next', async () => {
  await supply('ten', 10)
  await supply('two', 2)
  const outcomes = await together([
    ['o1', 'ten', 6],
    ['o2', 'ten', 6],
    ['o3', 'two', 3],
    ['o4', 'ten', 4],
    ['o5', 'two', 2],
    ['o6', 'ten', 1],
    ['o7', 'never-stocked', 1],
  ])
  assert.deepEqual(outcomes, [true, false, false, true, true, false, false])
  assert.deepEqual([await stock.find('ten'), await stock.find('two')], [0, 0])
  assert.equal(await stock.countViolations(), 0)
})

test('an order that is asked for twice in one statement is made once', async () => {
  await supply('twice', 10)
  const outcomes = await together([
    ['t1', 'twice', 1],
    ['t1', 'twice', 1],
    ['t2', 'twice', 1],
  ])
  assert.deepEqual(outcomes, [true, false, true])
  assert.equal(await stock.find('twice'), 8)
})

test('who holds the stock of one product keeps no order of another', async () => {
  for (const product of ['locked', 'free-1', 'free-2', 'free-3']) await supply(product, 10)
  const release = await hold('locked')
  // They may also be told that it takes too long.
  const waiting = Promise.allSettled([1, 2, 3].map((n) => reservations.reserve(`locked-${n}`, 'locked', 1)))
  const others = [1, 2, 3].map((n) => reservations.reserve(`free-${n}`, `free-${n}`, 1))
  assert.deepEqual(await Promise.all(others), [true, true, true])
  assert.equal(await stock.find('locked'), 10)
  await release()
  await waiting
  assert.equal(await stock.countViolations(), 0)
})

test('stock that somebody brings while an order waits for it is there for the order', async () => {
  await supply('brought', 0)
  const client = await replica.connect()
  await client.query('BEGIN')
  await client.query(`UPDATE stock SET quantity = 5, supplied = 5 WHERE product_id = 'brought'`)
  const waiting = reservations.reserve('waited', 'brought', 3)
  await eventually(async () => {
    const { rowCount } = await client.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)
    return rowCount === 1
  })
  await client.query('COMMIT')
  client.release()
  assert.equal(await waiting, true)
  assert.equal(await stock.find('brought'), 2)
})

test('replicas that reserve and release the same products in any order neither wait for each other nor sell twice', async () => {
  const products = Array.from({ length: 12 }, (_, n) => `product-${n}`)
  for (const product of products) await supply(product, 30)
  const replicas = [reservations, reservationRepository(replica)]
  const outcomes = await Promise.all(
    Array.from({ length: 600 }, async (_, n) => {
      const one = replicas[n % 2]!
      const [order, product, quantity] = [`shared-${n >> 1}`, products[(n >> 1) % products.length]!, 1 + ((n >> 1) % 3)]
      // Each order is asked for by both at about the same time, and now and then given back meanwhile; again where a busy machine
      // was too slow for a time-out, as the order service does.
      const { made } = await eventually(async () => ({ made: await one.reserve(order, product, quantity) }))
      if (n % 9 === 0) await eventually(async () => ({ released: await one.release(order) }))
      return made
    }),
  )
  assert.ok(outcomes.filter(Boolean).length <= 300)
  assert.equal(await stock.countViolations(), 0)
  const { rows } = await replica.query('SELECT min(quantity)::int AS least FROM stock')
  assert.ok(rows[0].least >= 0)
})
