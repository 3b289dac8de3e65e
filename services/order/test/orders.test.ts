import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { orderRepository } from '../src/order-repository.ts'
import { one, reserves, startOrder } from './running-order.ts'

const { app, inventory, post, status } = await startOrder()

/** What an order is answered, which is asked for again until the status is as wanted: a slow machine's first answer is 503. */
const answered = (statusCode: number, payload: unknown, headers: () => Record<string, string> = () => ({})) =>
  eventually(async () => {
    const answer = await post(payload, headers())
    assert.equal(answer.statusCode, statusCode)
    return answer
  })
const deadlineIn = (milliseconds: number) => ({ 'x-request-deadline': String(Date.now() + milliseconds) })

describe('POST /orders', () => {
  test('makes an order with exact prices and a Location', async () => {
    const answer = await answered(201, { productId: 'product1', quantity: 3 })
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
    const answer = await answered(202, one, () => deadlineIn(600))
    inventory.answer = () => ({ status: 409, body: { currentStock: 0 } })
    await eventually(async () => (await status(answer.json().id)) === 'REJECTED')
  })
})

describe('Idempotency-Key', () => {
  test('gives the same order and status again, and says so', async () => {
    const headers = { 'idempotency-key': 'key-1' }
    const replays = async () =>
      (await app.metrics.client.register.getSingleMetric('shop_order_replays_total')!.get()).values[0]!.value
    const before = await replays()
    const first = await post(one, headers)
    const again = await post(one, headers)
    assert.equal(first.statusCode, 201)
    assert.equal(first.headers['idempotent-replayed'], undefined)
    assert.equal(again.statusCode, 201)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.deepEqual(again.json(), first.json())
    assert.equal((await replays()) - before, 1)
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
    await orders.insert({ ...first, idempotencyKey: 'told', customer: null, traceparent: null }) // its call is on its way to inventory
    const answer = await answered(202, one, () => ({ 'idempotency-key': 'told', ...deadlineIn(300) }))
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
    // Where the machine is too slow for the time budget, the key may be sent again.
    const call = () =>
      eventually(async () => {
        const answer = await post(one, { 'idempotency-key': 'key-4' })
        assert.equal(answer.statusCode, 201)
        return answer
      })
    const answers = await Promise.all(Array.from({ length: 20 }, call))
    assert.equal(new Set(answers.map((answer) => answer.json().id)).size, 1)
    assert.ok(answers.filter(({ headers }) => headers['idempotent-replayed']).length >= 19)
    const { rows } = await app.database.query("SELECT FROM orders WHERE idempotency_key = 'key-4'")
    assert.equal(rows.length, 1)
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
