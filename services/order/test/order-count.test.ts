import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { createApp } from '@hello/service-kit/app'
import { databasePlugin } from '@hello/service-kit/database'
import type { FastifyInstance } from 'fastify'
import type { Pool, PoolClient } from 'pg'
import { orderCounter } from '../src/order-count.ts'
import { orderCountRepository } from '../src/order-count-repository.ts'

let app: FastifyInstance
let database: Pool

before(async () => {
  const migrations = new URL('../migrations/', import.meta.url)
  app = await createApp({ name: 'order', logLevel: 'silent' })
  await app.register(databasePlugin, {
    url: await createTestDatabase(),
    poolSize: 4,
    migrations,
    applicationName: 'test',
  })
  await app.ready()
  database = app.database
})
beforeEach(() => database.query('TRUNCATE orders'))
after(() => app.close())

/** Inserts orders that were made so many seconds ago. */
async function insert(status: string, count: number, secondsAgo: number, client: Pool | PoolClient = database) {
  await client.query(
    `INSERT INTO orders (id, product_id, product_name, quantity, unit_price_cents, status, created_at)
     SELECT gen_random_uuid(), 'p', 'P', 1, 1, $1, now() - make_interval(secs => $3) FROM generate_series(1, $2::int)`,
    [status, count, secondsAgo],
  )
}

async function truth() {
  const { rows } = await database.query('SELECT status, count(*)::int AS count FROM orders GROUP BY status')
  return { PENDING: 0, CREATED: 0, REJECTED: 0, ...Object.fromEntries(rows.map((row) => [row.status, row.count])) }
}

function counter() {
  const count = orderCounter()
  return () => count(orderCountRepository(database))
}

test('no orders are none', async () => {
  assert.deepEqual(await counter()(), { PENDING: 0, CREATED: 0, REJECTED: 0 })
})

test('counts each order once as it is made, settled and withdrawn, however old it is', async () => {
  const count = counter()
  const check = async () => assert.deepEqual(await count(), await truth())
  await insert('CREATED', 30, 600)
  await insert('PENDING', 2, 500) // recovery will settle them late, with settled ones before and behind
  await insert('REJECTED', 7, 400)
  await insert('CREATED', 5, 0)
  await check()
  await check()
  await database.query(
    `UPDATE orders SET status = 'CREATED' WHERE id = (SELECT max(id) FROM orders WHERE status = 'PENDING')`,
  )
  await check()
  await database.query(`DELETE FROM orders WHERE status = 'PENDING'`) // withdrawn; its position is a gap
  await check()
  await insert('PENDING', 3, 0)
  await check()
  await database.query(`UPDATE orders SET status = 'REJECTED' WHERE status = 'PENDING'`)
  await check()
  await check()
})

test('counts an order that is committed after others with higher positions', async () => {
  const count = counter()
  await insert('CREATED', 10, 600)
  await count()
  const slow = await database.connect()
  await slow.query('BEGIN')
  await insert('CREATED', 1, 0, slow)
  await insert('CREATED', 10, 0)
  for (let i = 0; i < 3; i++) assert.equal((await count()).CREATED, 20)
  await slow.query('COMMIT')
  slow.release()
  assert.equal((await count()).CREATED, 21)
})

test('does not read the settled orders again', async () => {
  const count = counter()
  for (let i = 0; i < 25; i++) await insert('CREATED', 5_000, 600) // more than one statement counts
  await insert('REJECTED', 4, 0)
  for (let i = 0; i < 2; i++) assert.deepEqual(await count(), { PENDING: 0, CREATED: 125_000, REJECTED: 4 })
  await database.query(`DELETE FROM orders WHERE status = 'CREATED'`) // nothing but this test does
  assert.deepEqual(await count(), { PENDING: 0, CREATED: 125_000, REJECTED: 4 })
})
