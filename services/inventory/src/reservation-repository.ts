import type { Pool } from 'pg'

export interface Reservation {
  orderId: string
  productId: string | null
  quantity: number | null
  state: 'RESERVED' | 'RELEASED'
}

interface Row {
  product_id: string | null
  quantity: string | null
  state: Reservation['state']
}

const uniqueViolation = '23505'

export function reservationRepository(database: Pool) {
  return {
    /**
     * Takes the units and writes the reservation, both or neither, in one statement: the row of a product in demand is
     * locked for a single round trip.
     *
     * @returns false when there is too little stock, no such product, or already a reservation of this order
     */
    async reserve(orderId: string, productId: string, quantity: number): Promise<boolean> {
      try {
        const { rowCount } = await database.query({
          name: 'reservation-reserve',
          text: `WITH taken AS (
              UPDATE stock SET quantity = quantity - $3
              WHERE product_id = $2 AND quantity >= $3 AND NOT EXISTS (SELECT FROM reservations WHERE order_id = $1)
              RETURNING product_id
            )
            INSERT INTO reservations (order_id, product_id, quantity, state)
            SELECT $1, product_id, $3, 'RESERVED' FROM taken`,
          values: [orderId, productId, quantity],
        })
        return rowCount === 1
      } catch (error) {
        if ((error as { code?: string }).code === uniqueViolation) return false
        throw error
      }
    },

    async find(orderId: string): Promise<Reservation | undefined> {
      const { rows } = await database.query<Row>({
        name: 'reservation-find',
        text: 'SELECT product_id, quantity, state FROM reservations WHERE order_id = $1',
        values: [orderId],
      })
      const row = rows[0]
      if (!row) return undefined
      const quantity = row.quantity === null ? null : Number(row.quantity)
      return { orderId, productId: row.product_id, quantity, state: row.state }
    },

    /** Gives the units back, once, and leaves a tombstone, also where nothing was reserved yet. */
    async release(orderId: string): Promise<void> {
      await database.query({
        name: 'reservation-release',
        text: `WITH released AS (
            INSERT INTO reservations (order_id, state) VALUES ($1, 'RELEASED')
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
