import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startShop } from '@hello/local/shop/start-shop'
import { median } from '@hello/test-support/statistics'
import pg from 'pg'
import { Pool } from 'undici'
import { tell } from './ratio.ts'
import { fillShelves } from './shelves.ts'

const help = `Orders a second through the gateway, as a ratio to the same SQL sent by one process straight to the same PostgreSQL.

Usage: node bench/orders.ts [options]

  --seconds N      length of each measurement (default 5)
  --repetitions N  measurements of each side, in turn (default 3)
  --replicas N     processes of order and of inventory (default 1)
  --traces         with traces of every order exported to the local receiver
  --help           show this

32 clients, once spread over 1,000 products and once all on one; commits wait for the disk on both sides.`

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    repetitions: { type: 'string', default: '3' },
    replicas: { type: 'string', default: '1' },
    traces: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(help)
  process.exit(0)
}
const seconds = Number(options.seconds)
const repetitions = Number(options.repetitions)
const clients = 32
const productCount = 1000

/** Runs `order` by 32 clients at once and returns how many were made a second. */
async function measure(order: () => Promise<void>): Promise<number> {
  const began = performance.now()
  const end = began + seconds * 1000
  let made = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) {
        await order()
        made++
      }
    }),
  )
  return (made * 1000) / (performance.now() - began)
}

const shop = await startShop({
  signals: options.traces,
  replicas: { order: Number(options.replicas), inventory: Number(options.replicas) },
  // one client sends everything here, so that the limit per client would be what is measured
  env: { RATE_LIMIT_PER_SECOND: '1000000' },
  only: ['product', 'inventory', 'order', 'gateway'],
})
const pools: pg.Pool[] = []
try {
  await shop.ready()
  function database(service: 'product' | 'inventory' | 'order') {
    const pool = new pg.Pool({ connectionString: shop.databaseUrl(service), max: clients })
    pools.push(pool)
    return pool
  }
  const product = database('product')
  const inventory = database('inventory')
  const orders = database('order')
  await fillShelves(shop.databaseUrl, productCount)

  const gateway = new Pool(shop.urls.gateway, { connections: clients })
  async function throughGateway(productId: string) {
    const { statusCode, body } = await gateway.request({
      method: 'POST',
      path: '/api/orders',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ productId, quantity: 1 }),
    })
    const text = await body.text()
    if (statusCode !== 201) throw new Error(`answered ${statusCode}: ${text}`)
  }

  // What services/*/src/*-repository.ts do for an order without a key, each as the plain statement for one.
  async function straight(productId: string) {
    const id = randomUUID()
    await product.query({
      name: 'product-find',
      text: 'SELECT id, name, price_cents FROM products WHERE id = $1',
      values: [productId],
    })
    await orders.query({
      name: 'order-insert',
      text: `INSERT INTO orders (id, idempotency_key, product_id, product_name, quantity, unit_price_cents, traceparent)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (idempotency_key) DO NOTHING
        RETURNING position, id, product_id, product_name, quantity, unit_price_cents, status, current_stock, created_at, attempts, traceparent`,
      values: [id, null, productId, 'Bench', 1, 100, null],
    })
    await inventory.query({
      name: 'reservation-reserve',
      text: `WITH taken AS (
          UPDATE stock SET quantity = quantity - $3
          WHERE product_id = $2 AND quantity >= $3 AND NOT EXISTS (SELECT FROM reservations WHERE order_id = $1)
          RETURNING product_id
        )
        INSERT INTO reservations (order_id, product_id, quantity, state)
        SELECT $1, product_id, $3, 'RESERVED' FROM taken`,
      values: [id, productId, 1],
    })
    await orders.query({
      name: 'order-settle',
      text: `UPDATE orders SET status = $2, current_stock = $3 WHERE id = $1 AND status = 'PENDING'`,
      values: [id, 'CREATED', null],
    })
  }

  const spread = () => `bench-${Math.floor(Math.random() * productCount)}`
  const one = () => 'bench-0'
  console.log(`${clients} clients, ${repetitions} x ${seconds} s a side, in turn; orders a second (median)\n`)
  console.log(`${'products'.padEnd(10)}${'shop'.padStart(10)}${'straight'.padStart(10)}${'ratio'.padStart(8)}`)
  for (const [name, choose] of [['1,000', spread] as const, ['one', one] as const]) {
    const figures = { shop: [] as number[], straight: [] as number[] }
    await measure(() => throughGateway(choose()))
    await measure(() => straight(choose()))
    for (let repetition = 0; repetition < repetitions; repetition++) {
      figures.shop.push(await measure(() => throughGateway(choose())))
      figures.straight.push(await measure(() => straight(choose())))
    }
    const [ours, theirs] = [median(figures.shop), median(figures.straight)]
    tell({
      name: `orders/s, ${name} product${name === 'one' ? '' : 's'}, of straight SQL`,
      value: ours / theirs,
      better: 'higher',
    })
    console.log(
      `${name.padEnd(10)}${ours.toFixed(0).padStart(10)}${theirs.toFixed(0).padStart(10)}${(ours / theirs).toFixed(2).padStart(8)}`,
    )
  }
  await gateway.close()
} finally {
  await Promise.all(pools.map((pool) => pool.end()))
  await shop.stop()
}
