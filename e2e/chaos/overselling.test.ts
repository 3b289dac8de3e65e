import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import pg from 'pg'
import { shopClient } from '../lib/shop-client.ts'

const units = 75
const clients = 300

/** Orders one unit; asks again with the same key where a busy machine answered too late, until the order is settled. */
async function orderOne({ order }: ReturnType<typeof shopClient>, productId: string) {
  const headers = { 'idempotency-key': randomUUID() }
  for (let asked = 1; asked <= 60; asked++, await delay(500)) {
    const answer = await order(productId, 1, headers)
    if (answer.status !== 202 && answer.status < 500) return { ...answer, asked }
  }
  return assert.fail('an order was not settled after 60 answers')
}

async function count(url: string, sql: string, productId: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ count: number }>(sql, [productId])).rows[0]!.count
  } finally {
    await client.end()
  }
}

/** How many requests of a kind each replica of a service has answered. */
async function answeredByReplica(shop: Shop, service: string, kind: RegExp): Promise<Record<string, number>> {
  const replicas = shop.managementUrls.filter(({ name }) => name === service || name === `${service}-2`)
  const counts = replicas.map(async ({ name, url }): Promise<[string, number]> => {
    const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n')
    const samples = lines.filter(
      (line) => line.startsWith('http_server_request_duration_seconds_count') && kind.test(line),
    )
    return [name, samples.reduce((sum, line) => sum + Number(line.split('} ')[1]?.split(' ')[0]), 0)]
  })
  return Object.fromEntries(await Promise.all(counts))
}

test(`${clients} orders at once on ${units} units with two replicas of order and inventory sell ${units}`, async (t) => {
  const shop = await startShop({
    only: ['product', 'inventory', 'order', 'gateway'],
    replicas: { order: 2, inventory: 2 },
    durable: false,
  })
  t.after(() => shop.stop())
  await shop.ready()
  const client = shopClient(shop.urls.gateway)
  const { id: productId } = await client.stockProduct(units)

  const answers = await Promise.all(Array.from({ length: clients }, () => orderOne(client, productId)))
  t.diagnostic(`${answers.filter(({ asked }) => asked > 1).length} orders were asked for again`)
  const answered = (status: number) => answers.filter((answer) => answer.status === status)
  assert.deepEqual(
    { created: answered(201).length, refused: answered(409).length },
    { created: units, refused: clients - units },
  )
  assert.ok(answered(201).every(({ body }) => body.status === 'CREATED'))
  assert.equal(new Set(answered(201).map(({ body }) => body.id)).size, units)

  const orders = shop.databaseUrl('order')
  const inventory = shop.databaseUrl('inventory')
  const [created, reserved, left] = await Promise.all([
    count(orders, `SELECT count(*)::int FROM orders WHERE product_id = $1 AND status = 'CREATED'`, productId),
    count(
      inventory,
      `SELECT count(*)::int FROM reservations WHERE product_id = $1 AND state = 'RESERVED' AND quantity = 1`,
      productId,
    ),
    count(inventory, 'SELECT quantity::int AS count FROM stock WHERE product_id = $1', productId),
  ])
  assert.deepEqual({ created, reserved, left }, { created: units, reserved: units, left: 0 })

  const kinds = { order: /http_request_method="POST"/, inventory: /http_route="\/reservations\/:orderId"/ }
  for (const [service, kind] of Object.entries(kinds)) {
    const answered = Object.values(await answeredByReplica(shop, service, kind))
    t.diagnostic(`${service}: ${answered.join(' and ')} requests`)
    assert.equal(answered.length, 2)
    assert.ok(Math.min(...answered) > 0, `a replica of ${service} took no part`)
  }
})
