import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import { buildApp, type OrderConfig } from '../src/app.ts'
import { orderRepository } from '../src/order-repository.ts'
import { startUpstream } from './upstreams.ts'

type Upstream = Awaited<ReturnType<typeof startUpstream>>
let product: Upstream
let inventory: Upstream
let config: OrderConfig
let app: Awaited<ReturnType<typeof buildApp>>

const sells = ({ path }: { path: string }) =>
  path === '/products/product1'
    ? { status: 200, body: { id: 'product1', name: 'Product 1', price: 10.99 } }
    : { status: 404, body: { error: 'Product not found' } }
const reserves = () => ({ status: 201, body: { state: 'RESERVED' } })

before(async () => {
  product = await startUpstream(sells)
  inventory = await startUpstream(reserves)
  config = {
    DATABASE_URL: await createTestDatabase(),
    DATABASE_POOL_SIZE: 8,
    LOG_LEVEL: 'silent',
    ALLOWED_HOSTS: 'localhost',
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL: inventory.url,
  }
  app = await buildApp(config)
  await app.ready()
})
beforeEach(() => {
  product.answer = sells
  inventory.answer = reserves
})
after(async () => {
  await app.close()
  await Promise.all([product.close(), inventory.close()])
})

const post = (payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/orders', payload: payload as object, headers })
const status = async (id: string) => (await app.inject(`/orders/${id}`)).json().status
const one = { productId: 'product1', quantity: 1 }

describe('POST /orders', () => {
  test('makes an order with exact prices and a Location', async () => {
    const answer = await post({ productId: 'product1', quantity: 3 })
    assert.equal(answer.statusCode, 201)
    const order = answer.json()
    assert.deepEqual(
      { ...order, id: '', createdAt: '' },
      {
        id: '',
        productId: 'product1',
        productName: 'Product 1',
        quantity: 3,
        unitPrice: 10.99,
        totalPrice: 32.97,
        status: 'CREATED',
        createdAt: '',
      },
    )
    assert.match(order.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
    assert.ok(Math.abs(Date.parse(order.createdAt) - Date.now()) < 60_000)
    assert.deepEqual((await app.inject(answer.headers.location as string)).json(), order)
  })

  for (const payload of [
    {},
    { productId: 'product1' },
    { quantity: 1 },
    { productId: 'product1', quantity: 0 },
    { productId: 'product1', quantity: -5 },
    { productId: 'product1', quantity: 1.5 },
    { productId: 'product1', quantity: '2' },
    { productId: 'product1', quantity: 1001 },
    { productId: 'product1', quantity: 1e308 },
    { productId: 'a\u0000b', quantity: 1 },
    { productId: '../reservations', quantity: 1 },
    { productId: 'x'.repeat(10_000), quantity: 1 },
    { productId: 'product1', quantity: 1, status: 'CREATED' },
  ]) {
    test(`refuses ${JSON.stringify(payload).slice(0, 60)}`, async () => {
      const answer = await post(payload)
      assert.equal(answer.statusCode, 400)
      assert.equal(answer.json().error, 'Invalid order data')
    })
  }

  test('answers 404 for an unknown product and keeps nothing', async () => {
    const answer = await post({ productId: 'nothing', quantity: 1 })
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json().type, 'tag:hello-observability.example,2026:problem:product-not-found')
    assert.equal(answer.json().error, 'Product not found')
    assert.ok(!answer.body.includes('127.0.0.1'))
  })

  test('answers 409 with what is left and keeps the order as REJECTED', async () => {
    inventory.answer = () => ({ status: 409, body: { currentStock: 2 } })
    const answer = await post({ productId: 'product1', quantity: 3 })
    assert.equal(answer.statusCode, 409)
    const { error, currentStock, requested, orderId } = answer.json()
    assert.deepEqual(
      { error, currentStock, requested },
      { error: 'Insufficient inventory', currentStock: 2, requested: 3 },
    )
    assert.equal(await status(orderId), 'REJECTED')
  })

  test('a product that was never stocked has nothing left', async () => {
    inventory.answer = () => ({ status: 404, body: {} })
    const answer = await post(one)
    assert.equal(answer.statusCode, 409)
    assert.equal(answer.json().currentStock, 0)
  })

  test('answers 202 while the outcome is unknown, and recovery finds it out', async () => {
    inventory.answer = () => 'cut'
    const answer = await post(one)
    assert.equal(answer.statusCode, 202)
    const { id } = answer.json()
    assert.equal(answer.json().status, 'PENDING')
    assert.equal(answer.headers.location, `/orders/${id}`)
    assert.equal(await status(id), 'PENDING')
    inventory.answer = reserves
    await eventually(async () => (await status(id)) === 'CREATED')
  })

  test('answers 202 by the deadline when inventory hangs', async () => {
    inventory.answer = () => 'hang'
    const answer = await post(one, { 'x-request-deadline': String(Date.now() + 600) })
    assert.equal(answer.statusCode, 202)
    inventory.answer = () => ({ status: 409, body: { currentStock: 0 } })
    await eventually(async () => (await status(answer.json().id)) === 'REJECTED')
  })
})

describe('while the database is slow', () => {
  /** Delays what `event` does to the orders, until the test is over. */
  async function slow(t: TestContext, event: 'INSERT' | 'UPDATE' | 'DELETE', seconds: number) {
    await app.database.query(`CREATE OR REPLACE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN coalesce(NEW, OLD); END $$`)
    await app.database.query(`CREATE TRIGGER slow BEFORE ${event} ON orders FOR EACH ROW EXECUTE FUNCTION wait()`)
    t.after(() => app.database.query('DROP TRIGGER slow ON orders'))
  }

  test('answers 202 rather than wait for the outcome to be written, and the order is settled', async (t) => {
    await slow(t, 'UPDATE', 0.9)
    inventory.answer = () => delay(1800).then(reserves)
    const answer = await post(one)
    assert.equal(answer.statusCode, 202)
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

describe('Idempotency-Key', () => {
  test('gives the same order and status again, and says so', async () => {
    const headers = { 'idempotency-key': 'key-1' }
    const first = await post(one, headers)
    const again = await post(one, headers)
    assert.equal(first.statusCode, 201)
    assert.equal(first.headers['idempotent-replayed'], undefined)
    assert.equal(again.statusCode, 201)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.deepEqual(again.json(), first.json())
  })

  test('gives a refusal again, although there is stock by now', async () => {
    const headers = { 'idempotency-key': 'key-2' }
    inventory.answer = () => ({ status: 409, body: { currentStock: 0 } })
    assert.equal((await post(one, headers)).statusCode, 409)
    inventory.answer = reserves
    const again = await post(one, headers)
    assert.equal(again.statusCode, 409)
    assert.equal(again.json().currentStock, 0)
    assert.equal(again.headers['idempotent-replayed'], 'true')
  })

  test('a second caller who was told of a pending order keeps it from being withdrawn', async () => {
    const orders = orderRepository(app.database)
    const id = '01a20842-0943-71a6-9694-d752e5f87911'
    const first = { id, productId: 'product1', productName: 'Product 1', quantity: 1, unitPriceCents: 1099 }
    await orders.insert({ ...first, idempotencyKey: 'told', traceparent: null }) // its call is on its way to inventory
    const answer = await post(one, { 'idempotency-key': 'told', 'x-request-deadline': String(Date.now() + 300) })
    assert.equal(answer.statusCode, 202)
    assert.equal(answer.json().id, id)
    assert.equal(await orders.withdraw(id), false) // inventory could not be reached
    assert.equal(await status(id), 'PENDING')
  })

  test('with another body is 422', async () => {
    const headers = { 'idempotency-key': 'key-3' }
    await post(one, headers)
    const answer = await post({ ...one, quantity: 2 }, headers)
    assert.equal(answer.statusCode, 422)
  })

  for (const key of ['', 'with space', 'ü', 'x'.repeat(129)]) {
    test(`refuses the key ${JSON.stringify(key.slice(0, 12))}`, async () => {
      assert.equal((await post(one, { 'idempotency-key': key })).statusCode, 400)
    })
  }

  test('makes one order of 20 calls at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(one, { 'idempotency-key': 'key-4' })))
    assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([201]))
    assert.equal(new Set(answers.map((answer) => answer.json().id)).size, 1)
    assert.equal(answers.filter(({ headers }) => headers['idempotent-replayed']).length, 19)
  })
})

describe('GET /orders', () => {
  test('lists the newest first, page by page', async () => {
    const made: string[] = []
    for (let i = 0; i < 3; i++) made.unshift((await post(one)).json().id)
    const first = await app.inject('/orders?limit=2')
    assert.deepEqual(
      first.json().map(({ id }: { id: string }) => id),
      made.slice(0, 2),
    )
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link as string)![1]!
    assert.equal((await app.inject(next)).json()[0].id, made[2])
  })

  test('answers 404 for an unknown order', async () => {
    const answer = await app.inject('/orders/nothing')
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json().error, 'Order not found')
  })
})

describe('when a neighbour is away', () => {
  test('product: 503 with Retry-After and nothing kept', async () => {
    const before = (await app.inject('/orders')).json().length
    await product.close()
    const answer = await post(one)
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['retry-after'], '1')
    assert.ok(!answer.body.includes('127.0.0.1'))
    assert.equal((await app.inject('/orders')).json().length, before)
  })

  test('inventory: 503 with Retry-After, nothing kept, and the key is free again', async () => {
    product = await startUpstream(sells)
    await inventory.close()
    const lonely = await buildApp({
      DATABASE_URL: await createTestDatabase(),
      DATABASE_POOL_SIZE: 4,
      LOG_LEVEL: 'silent',
      ALLOWED_HOSTS: 'localhost',
      PRODUCT_SERVICE_URL: product.url,
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
