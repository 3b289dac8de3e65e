import { batching } from '@hello/service-kit/batching'
import type { Pool } from 'pg'

export interface Reservation {
  orderId: string
  productId: string | null
  quantity: number | null
  state: 'RESERVED' | 'RELEASED'
}

interface Row {
  order_id: string
  product_id: string | null
  quantity: string | null
  state: Reservation['state']
}

const toReservation = ({ order_id, product_id, quantity, state }: Row): Reservation => ({
  orderId: order_id,
  productId: product_id,
  quantity: quantity === null ? null : Number(quantity),
  state,
})

interface Wish {
  orderId: string
  productId: string
  quantity: number
}

export function reservationRepository(database: Pool) {
  const reserve = batching<Wish, boolean>({
    name: 'reservation-reserve',
    keyOf: ({ orderId }) => orderId,
    async run(wishes, lockTimeout) {
      // Locks: stock by product, then reservations by order, as in every statement that takes more than one of them.
      // What is left is reckoned from the locked row: the statement's own snapshot of it may be older, and of less.
      // No table is joined: a join that was planned while the table was small would read all of it for each batch.
      const { rows } = await database.query<{ order_id: string }>({
        name: 'reservation-reserve',
        text: `WITH RECURSIVE asked AS (
            SELECT order_id, product_id, quantity, row_number() OVER (PARTITION BY product_id ORDER BY place) AS turn
            FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS asked (order_id, product_id, quantity, place)
            WHERE (SELECT count(*) FROM reservations WHERE reservations.order_id = asked.order_id) = 0
          ), held AS MATERIALIZED (
            SELECT product_id, quantity FROM stock
            WHERE product_id = ANY ($2) AND (SELECT set_config('lock_timeout', $4, true)) IS NOT NULL
            ORDER BY product_id FOR NO KEY UPDATE
          ), decided AS (
            SELECT product_id, quantity AS remaining, 0::bigint AS turn, NULL AS order_id, 0::bigint AS quantity, false AS fits
            FROM held
            UNION ALL
            SELECT product_id, CASE WHEN asked.quantity <= remaining THEN remaining - asked.quantity ELSE remaining END,
              asked.turn, asked.order_id, asked.quantity, asked.quantity <= remaining
            FROM decided JOIN asked USING (product_id) WHERE asked.turn = decided.turn + 1
          ), made AS (
            INSERT INTO reservations (order_id, product_id, quantity, state)
            SELECT order_id, product_id, quantity, 'RESERVED' FROM decided WHERE fits ORDER BY order_id
            ON CONFLICT (order_id) DO NOTHING
            RETURNING order_id, product_id, quantity
          ), taken AS (
            UPDATE stock SET quantity = (SELECT quantity FROM held WHERE held.product_id = stock.product_id)
              - (SELECT sum(quantity) FROM made WHERE made.product_id = stock.product_id)
            WHERE product_id = ANY (ARRAY(SELECT product_id FROM made))
          )
          SELECT order_id FROM made`,
        values: [
          wishes.map(({ orderId }) => orderId),
          wishes.map(({ productId }) => productId),
          wishes.map(({ quantity }) => quantity),
          lockTimeout,
        ],
      })
      const made = new Set(rows.map(({ order_id }) => order_id))
      return wishes.map(({ orderId }) => made.has(orderId))
    },
  })

  const find = batching<string, Reservation | undefined>({
    name: 'reservation-find',
    async run(orderIds) {
      const { rows } = await database.query<Row>({
        name: 'reservation-find',
        text: 'SELECT order_id, product_id, quantity, state FROM reservations WHERE order_id = ANY ($1)',
        values: [orderIds],
      })
      const found = new Map(rows.map((row) => [row.order_id, toReservation(row)]))
      return orderIds.map((orderId) => found.get(orderId))
    },
  })

  return {
    /**
     * Takes the units and writes the reservation, both or neither. One statement does so for all who ask at the same time, one after
     * the other in the order in which they asked: who asks for more than is left takes nothing from the next.
     *
     * @returns false when there is too little stock, no such product, or already a reservation of this order
     */
    reserve: (orderId: string, productId: string, quantity: number) => reserve({ orderId, productId, quantity }),

    /** Undefined where the order has none. */
    find,

    /** Gives the units back, once, and leaves a tombstone, also where nothing was reserved yet. */
    async release(orderId: string): Promise<void> {
      await database.query({
        name: 'reservation-release',
        text: `WITH held AS MATERIALIZED (
            SELECT product_id FROM stock
            WHERE product_id = (SELECT product_id FROM reservations WHERE order_id = $1) FOR NO KEY UPDATE
          ), released AS (
            INSERT INTO reservations (order_id, state) SELECT $1, 'RELEASED' FROM (SELECT count(*) FROM held) AS after_held
            ON CONFLICT (order_id) DO UPDATE SET state = 'RELEASED' WHERE reservations.state = 'RESERVED'
            RETURNING product_id, quantity
          )
          UPDATE stock SET quantity = stock.quantity + released.quantity
          FROM released WHERE stock.product_id = released.product_id`,
        values: [orderId],
      })
    },
  }
}
