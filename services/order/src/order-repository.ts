import { batching } from '@hello/service-kit/batching'
import type { Customer } from '@hello/shop/customer'
import type { Pool } from 'pg'
import type { Order, OrderStatus } from './order.ts'

interface Row {
  position: string
  id: string
  product_id: string
  product_name: string
  quantity: number
  unit_price_cents: string
  status: OrderStatus
  current_stock: string | null
  created_at: Date
  attempts: number
  traceparent: string | null
  customer: string | null
}

export type NewOrder = Pick<
  Order,
  'id' | 'productId' | 'productName' | 'quantity' | 'unitPriceCents' | 'customer' | 'traceparent'
> & {
  idempotencyKey: string | null
}

const columns =
  'position, id, product_id, product_name, quantity, unit_price_cents, status, current_stock, created_at, attempts, traceparent, customer'

const toOrder = (row: Row): Order & { position: string } => ({
  position: row.position,
  id: row.id,
  productId: row.product_id,
  productName: row.product_name,
  quantity: row.quantity,
  unitPriceCents: Number(row.unit_price_cents),
  status: row.status,
  currentStock: row.current_stock === null ? null : Number(row.current_stock),
  createdAt: row.created_at.toISOString(),
  attempts: row.attempts,
  traceparent: row.traceparent,
  customer: row.customer,
})

/**
 * A parameter where one order is meant: written into the statement it would have the planner take the index of what is pending, in
 * which all that was is found until the next vacuum.
 */
const pending: OrderStatus = 'PENDING'

interface OrderPage {
  /** The position before which the page begins; the newest order by default. */
  after: string | undefined
  limit: number
  customer: Customer
}

interface Outcome {
  id: string
  status: 'CREATED' | 'REJECTED'
  currentStock: number | null
}

export function orderRepository(database: Pool) {
  const insert = batching<NewOrder, Order | undefined>({
    name: 'order-insert',
    async run(orders, lockTimeout) {
      // An insert waits for another of the same key: by key, so that no two wait for each other.
      const { rows } = await database.query<Row>({
        name: 'order-insert',
        text: `INSERT INTO orders (id, idempotency_key, product_id, product_name, quantity, unit_price_cents, customer, traceparent)
          SELECT id, idempotency_key, product_id, product_name, quantity, unit_price_cents, customer, traceparent
          FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::text[], $8::text[]) WITH ORDINALITY
            AS asked (id, idempotency_key, product_id, product_name, quantity, unit_price_cents, customer, traceparent, place)
          WHERE (SELECT set_config('lock_timeout', $9, true)) IS NOT NULL
          ORDER BY idempotency_key, place
          ON CONFLICT (idempotency_key) DO NOTHING RETURNING ${columns}`,
        values: [
          orders.map(({ id }) => id),
          orders.map(({ idempotencyKey }) => idempotencyKey),
          orders.map(({ productId }) => productId),
          orders.map(({ productName }) => productName),
          orders.map(({ quantity }) => quantity),
          orders.map(({ unitPriceCents }) => unitPriceCents),
          orders.map(({ customer }) => customer),
          orders.map(({ traceparent }) => traceparent),
          lockTimeout,
        ],
      })
      const made = new Map(rows.map((row) => [row.id, toOrder(row)]))
      return orders.map(({ id }) => made.get(id))
    },
  })

  const settle = batching<Outcome, boolean>({
    name: 'order-settle',
    keyOf: ({ id }) => id,
    async run(outcomes, lockTimeout) {
      // Locks by id, so that a call and a recovery in another replica do not wait for each other. Nothing is joined: a join that
      // was planned while there were few orders would read all of them for each batch.
      const { rows } = await database.query<{ id: string }>({
        name: 'order-settle',
        text: `WITH held AS MATERIALIZED (
            SELECT id FROM orders
            WHERE id = ANY ($1::text[]) AND status = $5 AND (SELECT set_config('lock_timeout', $4, true)) IS NOT NULL
            ORDER BY id FOR NO KEY UPDATE
          )
          UPDATE orders SET status = ($2::text[])[array_position($1, id)], current_stock = ($3::bigint[])[array_position($1, id)]
          WHERE id = ANY (ARRAY(SELECT id FROM held))
          RETURNING id`,
        values: [
          outcomes.map(({ id }) => id),
          outcomes.map(({ status }) => status),
          outcomes.map(({ currentStock }) => currentStock),
          lockTimeout,
          pending,
        ],
      })
      const settled = new Set(rows.map(({ id }) => id))
      return outcomes.map(({ id }) => settled.has(id))
    },
  })

  return {
    /** Those of a customer, or those of nobody, newest first. */
    async list({ after = '9223372036854775807', limit, customer }: OrderPage) {
      const { rows } = await database.query<Row>(
        customer === null
          ? {
              name: 'order-list',
              text: `SELECT ${columns} FROM orders WHERE customer IS NULL AND position < $1 ORDER BY position DESC LIMIT $2`,
              values: [after, limit],
            }
          : {
              name: 'order-list-of-customer',
              text: `SELECT ${columns} FROM orders WHERE customer = $1 AND position < $2 ORDER BY position DESC LIMIT $3`,
              values: [customer, after, limit],
            },
      )
      return rows.map(toOrder)
    },

    async find(id: string): Promise<Order | undefined> {
      const { rows } = await database.query<Row>({
        name: 'order-find',
        text: `SELECT ${columns} FROM orders WHERE id = $1`,
        values: [id],
      })
      return rows[0] && toOrder(rows[0])
    },

    async findByKey(idempotencyKey: string): Promise<Order | undefined> {
      const { rows } = await database.query<Row>({
        name: 'order-find-by-key',
        text: `SELECT ${columns} FROM orders WHERE idempotency_key = $1`,
        values: [idempotencyKey],
      })
      return rows[0] && toOrder(rows[0])
    },

    /**
     * Writes the order as PENDING.
     *
     * @returns undefined when there is an order with that key already
     */
    insert,

    /**
     * Decides a PENDING order, once.
     *
     * @returns whether this call did; false when somebody else had
     */
    settle: (id: string, status: Outcome['status'], currentStock: number | null) =>
      settle({ id, status, currentStock }),

    /**
     * Takes back an order for which nothing can have been reserved.
     *
     * @returns false when a recovery has taken it up or a second caller was told of it in the meantime, so that it stays
     */
    async withdraw(id: string): Promise<boolean> {
      const { rowCount } = await database.query({
        name: 'order-withdraw',
        text: 'DELETE FROM orders WHERE id = $1 AND status = $2 AND attempts = 1',
        values: [id, pending],
      })
      return rowCount === 1
    },

    /**
     * Keeps a PENDING order from being withdrawn by the call that makes it, because a second caller is about to be told of it.
     *
     * @returns the order as it is by then; undefined when it was withdrawn first
     */
    async keep(id: string): Promise<Order | undefined> {
      const { rows } = await database.query<Row>({
        name: 'order-keep',
        text: `UPDATE orders SET attempts = attempts + CASE status WHEN 'PENDING' THEN 1 ELSE 0 END
          WHERE id = $1 RETURNING ${columns}`,
        values: [id],
      })
      return rows[0] && toOrder(rows[0])
    },

    /**
     * Takes up orders that nobody has worked on for `idleSeconds`, at most `limit`; no two replicas get the same one.
     */
    async claimPending(idleSeconds: number, limit: number): Promise<Order[]> {
      const { rows } = await database.query<Row>({
        name: 'order-claim-pending',
        text: `UPDATE orders SET attempts = attempts + 1, attempted_at = now()
          WHERE id IN (
            SELECT id FROM orders
            WHERE status = 'PENDING' AND attempted_at < now() - make_interval(secs => $1)
            ORDER BY attempted_at LIMIT $2 FOR UPDATE SKIP LOCKED
          )
          RETURNING ${columns}`,
        values: [idleSeconds, limit],
      })
      return rows.map(toOrder)
    },
  }
}

export type OrderRepository = ReturnType<typeof orderRepository>
