import assert from 'node:assert/strict'
import { after, describe, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../src/app.ts'
import { one, reserves, sells, startOrder } from './running-order.ts'
import { startUpstream } from './upstreams.ts'

const { app, config, inventory, post, product, status } = await startOrder()

describe('while the database is slow', () => {
  /** Delays what `event` does to the orders, until the test is over. */
  async function slow(t: TestContext, event: 'INSERT' | 'UPDATE' | 'DELETE', seconds: number) {
    await app.database.query(`CREATE OR REPLACE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN coalesce(NEW, OLD); END $$`)
    await app.database.query(`CREATE TRIGGER slow BEFORE ${event} ON orders FOR EACH ROW EXECUTE FUNCTION wait()`)
    const end = () => app.database.query('DROP TRIGGER IF EXISTS slow ON orders')
    t.after(end)
    return { end }
  }

  test('answers 202 rather than wait for the outcome to be written, and the order is settled', async (t) => {
    const { end } = await slow(t, 'UPDATE', 0.9)
    inventory.answer = () => delay(1800).then(reserves)
    const answer = await post(one)
    assert.equal(answer.statusCode, 202)
    await end() // on a machine that is slow, too, the outcome was not written in the time that the server has for it
    await eventually(async () => (await status(answer.json().id)) === 'CREATED')
  })

  test('answers 503 when the order cannot be written in time', async (t) => {
    await slow(t, 'INSERT', 1.5)
    const answer = await post(one)
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['retry-after'], '1')
  })

  test('says PENDING of no order that is being taken back', async (t) => {
    const unreachable = await startUpstream(reserves)
    await unreachable.close()
    const lonely = await buildApp({ ...config, INVENTORY_SERVICE_URL: unreachable.url })
    t.after(() => lonely.close())
    const order = () => lonely.inject({ method: 'POST', url: '/orders', payload: one })
    await slow(t, 'DELETE', 1.1) // longer than a statement may take, so that its outcome is unknown
    assert.equal((await order()).statusCode, 503)
  })
})

describe('when a neighbour is away', async () => {
  const selling = await startUpstream(sells)
  after(() => selling.close())

  test('product: 503 with Retry-After and nothing kept of what it never told, and an order of what it has', async () => {
    assert.equal((await post(one)).statusCode, 201)
    const before = (await app.inject('/orders')).json().length
    await product.close()
    const answer = await post({ ...one, productId: 'product2' })
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['retry-after'], '1')
    assert.ok(!answer.body.includes('127.0.0.1'))
    assert.equal((await app.inject('/orders')).json().length, before)
    assert.equal((await post(one)).statusCode, 201)
  })

  test('inventory: an order stays that it may have reserved for before it went away', async (t) => {
    const leaving = await startUpstream(() => {
      setImmediate(() => leaving.close())
      return { status: 503, body: {} } // its database has not told it whether the statement was committed
    })
    const left = await buildApp({
      ...config,
      DATABASE_URL: await createTestDatabase(),
      INVENTORY_SERVICE_URL: leaving.url,
      PRODUCT_SERVICE_URL: selling.url,
    })
    t.after(() => left.close())
    const answer = await left.inject({ method: 'POST', url: '/orders', payload: one })
    assert.equal(answer.statusCode, 202)
    assert.equal((await left.inject('/orders')).json().length, 1)
  })

  test('inventory: 503 with Retry-After, nothing kept, and the key is free again', async () => {
    await inventory.close()
    const lonely = await buildApp({
      DATABASE_URL: await createTestDatabase(),
      DATABASE_POOL_SIZE: 4,
      LOG_LEVEL: 'silent',
      ALLOWED_HOSTS: 'localhost',
      PRODUCT_SERVICE_URL: selling.url,
      INVENTORY_SERVICE_URL: inventory.url,
    })
    const answer = await lonely.inject({
      method: 'POST',
      url: '/orders',
      payload: one,
      headers: { 'idempotency-key': 'k' },
    })
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['retry-after'], '1')
    assert.deepEqual((await lonely.inject('/orders')).json(), [])
    await lonely.close()
  })
})
