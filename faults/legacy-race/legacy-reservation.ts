import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Answer } from '../src/replace-statement.ts'

/** Between reading the stock and writing it, in milliseconds: as long as the original demo took on a loaded machine. */
const pause = 250

/**
 * Reserves as the original demo did, of which https://www.postgresql.org/docs/current/transaction-iso.html says under "lost update"
 * why it goes wrong: what another order writes during the pause is overwritten.
 *
 * @returns as the statement `reservation-reserve`: the order's id when it is reserved
 */
export async function reserveAsBefore(
  database: pg.Pool,
  { orderId, productId, quantity }: { orderId: string; productId: string; quantity: number },
): Promise<Answer> {
  const { rows } = await database.query<{ quantity: string }>({
    name: 'reservation-read-stock',
    text: 'SELECT quantity FROM stock WHERE product_id = $1 AND NOT EXISTS (SELECT FROM reservations WHERE order_id = $2)',
    values: [productId, orderId],
  })
  const left = Number(rows[0]?.quantity ?? 0) - quantity
  if (left < 0) return { rows: [], rowCount: 0 }
  await delay(pause)
  await database.query({
    name: 'reservation-write-stock',
    text: 'UPDATE stock SET quantity = $2 WHERE product_id = $1',
    values: [productId, left],
  })
  return database.query({
    name: 'reservation-insert',
    text: `INSERT INTO reservations (order_id, product_id, quantity, state) VALUES ($1, $2, $3, 'RESERVED')
      ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
    values: [orderId, productId, quantity],
  })
}
