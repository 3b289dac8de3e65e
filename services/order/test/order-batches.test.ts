import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { buildApp } from '../src/app.ts'
import { type NewOrder, orderRepository } from '../src/order-repository.ts'
import { startOrder } from './running-order.ts'

const { app, config } = await startOrder()
const replica = await buildApp(config)
after(() => replica.close())
const orders = orderRepository(app.database)
const ofReplica = orderRepository(replica.database)

const newOrder = (id: string, more: Partial<NewOrder> = {}): NewOrder => ({
  id,
  productId: 'product1',
  productName: 'Product 1',
  quantity: 1,
  unitPriceCents: 1099,
  traceparent: null,
  idempotencyKey: null,
  customer: null,
  ...more,
})

test('of orders that are written together each gets its own back, whatever its text', async () => {
  const names = ['plain', '"quoted"', "it's", 'a,b', '{}', '\\', 'NULL', '상품', '😀', ' ']
  const made = await Promise.all(names.map((productName, n) => orders.insert(newOrder(`text-${n}`, { productName }))))
  assert.deepEqual(
    made.map((order) => [order?.id, order?.productName, order?.status]),
    names.map((name, n) => [`text-${n}`, name, 'PENDING']),
  )
})

test('an order that the database refuses keeps no other from being written', async () => {
  const made = await Promise.allSettled([
    orders.insert(newOrder('good-1')),
    orders.insert(newOrder('good-2')),
    orders.insert(newOrder('absurd', { quantity: 1_000_000 })),
    orders.insert(newOrder('too-large', { unitPriceCents: 1e30 })),
    orders.insert(newOrder('good-3')),
  ])
  assert.deepEqual(
    made.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  assert.equal((await orders.find('good-3'))?.id, 'good-3')
  assert.equal(await orders.find('absurd'), undefined)
})

test('the same keys at once in two replicas, in opposite order, make one order each', async () => {
  const keys = Array.from({ length: 60 }, (_, n) => `key-${n}`)
  const insert = (to: typeof orders, side: string) => (key: string) =>
    to.insert(newOrder(`${side}-${key}`, { idempotencyKey: key }))
  const made = await Promise.all([
    ...keys.map(insert(orders, 'here')),
    ...keys.map(insert(orders, 'again')),
    ...keys.toReversed().map(insert(ofReplica, 'there')),
  ])
  assert.equal(made.filter((order) => order !== undefined).length, keys.length)
})

test('an order is settled once, by whichever replica comes first', async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `settled-${n}`)
  await Promise.all(ids.map((id) => orders.insert(newOrder(id))))
  const settled = await Promise.all([
    ...ids.map((id) => orders.settle(id, 'CREATED', null)),
    ...ids.map((id) => orders.settle(id, 'REJECTED', 7)),
    ...ids.toReversed().map((id) => ofReplica.settle(id, 'REJECTED', 3)),
  ])
  assert.equal(settled.filter(Boolean).length, ids.length)
  for (const [n, id] of ids.entries()) {
    const order = await orders.find(id)
    assert.equal(order?.status === 'CREATED', settled[n], id)
    assert.equal(order?.currentStock ?? null, order?.status === 'CREATED' ? null : settled[ids.length + n] ? 7 : 3)
  }
})

test('an order that somebody holds keeps no other from being settled', async () => {
  const ids = ['held', 'settled-a', 'settled-b']
  await Promise.all(ids.map((id) => orders.insert(newOrder(id))))
  const client = await replica.database.connect()
  await client.query('BEGIN')
  await client.query(`SELECT FROM orders WHERE id = 'held' FOR UPDATE`)
  const first = orders.settle('settled-a', 'CREATED', null)
  const held = orders.settle('held', 'CREATED', null)
  const other = orders.settle('settled-b', 'CREATED', null)
  assert.deepEqual(await Promise.all([first, other]), [true, true])
  await client.query('COMMIT')
  client.release()
  assert.equal(await held, true)
})
