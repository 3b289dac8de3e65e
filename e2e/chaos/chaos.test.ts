import assert from 'node:assert/strict'
import { createHash, randomInt, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startShop } from '@hello/local/shop'
import pg from 'pg'

const seed = process.env.CHAOS_SEED ?? String(randomInt(1_000_000))
const kills = Number(process.env.CHAOS_KILLS ?? 24)
const clients = 16
const productCount = 5
const suppliedEach = 20_000

/** The same seed makes the same kills at the same moments. */
function seededRandom(name: string) {
  let n = 0
  return () => createHash('sha256').update(`${name}:${n++}`).digest().readUInt32LE() / 2 ** 32
}

type Outcome = { key: string; productId: string; quantity: number; status: number; id: string | undefined }

/** Sends one order until it is answered for good, with the same key, as a careful client does. */
async function orderUntilAnswered(gateway: string, productId: string, quantity: number): Promise<Outcome> {
  const key = randomUUID()
  for (;;) {
    try {
      const response = await fetch(`${gateway}/api/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ productId, quantity }),
        signal: AbortSignal.timeout(10_000),
      })
      const body = (await response.json()) as { id?: string; orderId?: string }
      if (response.status < 500 && response.status !== 429) {
        return { key, productId, quantity, status: response.status, id: body.id ?? body.orderId }
      }
    } catch {
      // killed under our hands: the key makes asking again safe
    }
    await delay(100)
  }
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

interface OrderRow {
  id: string
  idempotency_key: string
  product_id: string
  quantity: number
  status: string
}

test(`no order is lost and no unit sold twice while ${kills} processes are killed (CHAOS_SEED=${seed})`, async (t) => {
  t.diagnostic(`CHAOS_SEED=${seed}`)
  const shop = await startShop({ replicas: { order: 2, inventory: 2 } })
  t.after(() => shop.stop())
  await shop.ready()
  const { gateway } = shop.urls

  const products: string[] = []
  for (let i = 0; i < productCount; i++) {
    const created = await fetch(`${gateway}/api/products`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Chaos ${i}`, price: 1.25 }),
    })
    const { id } = (await created.json()) as { id: string }
    await fetch(`${gateway}/api/inventory/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ quantity: suppliedEach }),
    })
    products.push(id)
  }

  const outcomes: Outcome[] = []
  let loaded = true
  const load = Array.from({ length: clients }, async (_, client) => {
    const random = seededRandom(`${seed}:client:${client}`)
    while (loaded) {
      const productId = products[Math.floor(random() * products.length)]!
      outcomes.push(await orderUntilAnswered(gateway, productId, 1 + Math.floor(random() * 3)))
    }
  })

  const random = seededRandom(`${seed}:killer`)
  const victims = ['order', 'inventory', 'product', 'gateway', 'postgres']
  for (let kill = 0; kill < kills; kill++) {
    await delay(500 + random() * 2500)
    const processes = shop.processes().filter(({ service }) => service === victims[kill % victims.length])
    processes[Math.floor(random() * processes.length)]!.kill('SIGKILL')
  }
  loaded = false
  await Promise.all(load)
  await shop.ready()

  const orderUrl = shop.databaseUrl('order')
  const recovered = Date.now() + 15_000
  while ((await query(orderUrl, `SELECT id FROM orders WHERE status = 'PENDING'`)).length > 0) {
    assert.ok(Date.now() < recovered, 'an order was PENDING for longer than 15 s after recovery')
    await delay(250)
  }

  const orders = await query<OrderRow>(orderUrl, 'SELECT id, idempotency_key, product_id, quantity, status FROM orders')
  const byId = new Map(orders.map((order) => [order.id, order]))
  t.diagnostic(`${outcomes.length} orders answered, ${orders.length} kept, ${kills} kills`)
  assert.ok(outcomes.length > 50, `only ${outcomes.length} orders were answered: that proves nothing`)

  assert.equal(new Set(orders.map((order) => order.idempotency_key)).size, orders.length, 'one order per key')
  for (const { key, productId, quantity, status, id } of outcomes) {
    assert.ok([201, 202, 409].includes(status), `answered ${status}`)
    const order = byId.get(id!)
    assert.ok(order, `order ${id} was answered ${status} and is lost`)
    assert.deepEqual(
      { key: order.idempotency_key, productId: order.product_id, quantity: order.quantity },
      { key, productId, quantity },
    )
    if (status === 201) assert.equal(order.status, 'CREATED')
  }

  const inventoryUrl = shop.databaseUrl('inventory')
  const reservations = await query<{ order_id: string; product_id: string; quantity: string }>(
    inventoryUrl,
    `SELECT order_id, product_id, quantity FROM reservations WHERE state = 'RESERVED'`,
  )
  const created = orders.filter((order) => order.status === 'CREATED')
  const pair = (id: string, product: string, quantity: string | number) => `${id} ${product} ${quantity}`
  assert.deepEqual(
    reservations.map((one) => pair(one.order_id, one.product_id, one.quantity)).sort(),
    created.map((order) => pair(order.id, order.product_id, order.quantity)).sort(),
    'each CREATED order has exactly one reservation, and each reservation its order',
  )
  const stock = await query<{ product_id: string; quantity: string; supplied: string }>(
    inventoryUrl,
    'SELECT product_id, quantity, supplied FROM stock',
  )
  for (const { product_id, quantity, supplied } of stock) {
    const reserved = reservations.reduce(
      (sum, one) => sum + (one.product_id === product_id ? Number(one.quantity) : 0),
      0,
    )
    assert.equal(Number(supplied) - reserved, Number(quantity), `supplied - reserved = stock of ${product_id}`)
    if (products.includes(product_id)) assert.equal(Number(supplied), suppliedEach)
  }
})
