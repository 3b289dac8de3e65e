import assert from 'node:assert/strict'
import pg from 'pg'
import type { AnsweredOrder } from './buyer.ts'

export interface OrderRow {
  id: string
  idempotency_key: string
  product_id: string
  quantity: number
  status: 'PENDING' | 'CREATED' | 'REJECTED'
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

/** Orders that were placed before `time`, in milliseconds since 1970, and are still pending. */
export async function countPending(orderDatabase: string, time: number): Promise<number> {
  const since = new Date(time).toISOString()
  return (await query(orderDatabase, `SELECT FROM orders WHERE status = 'PENDING' AND created_at < '${since}'`)).length
}

/**
 * Holds what buyers were told against what the databases keep: no order lost, none twice, nothing oversold.
 *
 * @param supplied units that were put in stock, by product
 * @returns the orders that are kept
 */
export async function auditBooks(
  databases: { order: string; inventory: string },
  purchases: AnsweredOrder[],
  supplied: Map<string, number>,
): Promise<OrderRow[]> {
  const orders = await query<OrderRow>(
    databases.order,
    'SELECT id, idempotency_key, product_id, quantity, status FROM orders',
  )
  const byId = new Map(orders.map((order) => [order.id, order]))
  assert.equal(new Set(orders.map((order) => order.idempotency_key)).size, orders.length, 'one order per key')
  for (const { key, productId, quantity, status, id } of purchases) {
    const order = byId.get(id)
    assert.ok(order, `order ${id} was answered ${status} and is lost`)
    assert.deepEqual(
      { key: order.idempotency_key, productId: order.product_id, quantity: order.quantity, status: order.status },
      { key, productId, quantity, status: { 201: 'CREATED', 409: 'REJECTED' }[status] },
    )
  }

  const reservations = await query<{ order_id: string; product_id: string; quantity: string }>(
    databases.inventory,
    `SELECT order_id, product_id, quantity FROM reservations WHERE state = 'RESERVED'`,
  )
  const pair = (id: string, product: string, quantity: string | number) => `${id} ${product} ${quantity}`
  assert.deepEqual(
    reservations.map((one) => pair(one.order_id, one.product_id, one.quantity)).sort(),
    orders
      .filter((order) => order.status === 'CREATED')
      .map((order) => pair(order.id, order.product_id, order.quantity))
      .sort(),
    'each CREATED order has exactly one reservation, and each reservation its order',
  )

  const reserved = Map.groupBy(reservations, ({ product_id }) => product_id)
  const stock = await query<{ product_id: string; quantity: string; supplied: string }>(
    databases.inventory,
    'SELECT product_id, quantity, supplied FROM stock',
  )
  for (const row of stock) {
    const units = (reserved.get(row.product_id) ?? []).reduce((sum, { quantity }) => sum + Number(quantity), 0)
    assert.equal(Number(row.supplied) - units, Number(row.quantity), `supplied - reserved = stock of ${row.product_id}`)
    const known = supplied.get(row.product_id)
    if (known !== undefined) assert.equal(Number(row.supplied), known)
  }
  return orders
}
