import { batching } from '@hello/service-kit/batching'
import type { Pool } from 'pg'

interface Row {
  position: string
  product_id: string
  quantity: string
}

export function stockRepository(database: Pool) {
  const find = batching<string, number | undefined>({
    name: 'stock-find',
    async run(productIds) {
      const { rows } = await database.query<Row>({
        name: 'stock-find',
        text: 'SELECT product_id, quantity FROM stock WHERE product_id = ANY ($1)',
        values: [productIds],
      })
      const found = new Map(rows.map((row) => [row.product_id, Number(row.quantity)]))
      return productIds.map((productId) => found.get(productId))
    },
  })

  return {
    async list({ after, limit }: { after: string | undefined; limit: number }) {
      const { rows } = await database.query<Row>({
        name: 'stock-list',
        text: 'SELECT position, product_id, quantity FROM stock WHERE position > $1 ORDER BY position LIMIT $2',
        values: [after ?? '0', limit],
      })
      return rows.map((row) => ({ position: row.position, productId: row.product_id, quantity: Number(row.quantity) }))
    },

    /** Units left of a product, or undefined when it has never been stocked. */
    find,

    /**
     * Sets the quantity, unless it is now one of `unexpected`; null stands for any.
     *
     * @returns whether it is set
     */
    async setUnless(productId: string, quantity: number, unexpected: number[] | null): Promise<boolean> {
      const { rowCount } = await database.query({
        name: 'stock-set-unless',
        text: `INSERT INTO stock (product_id, quantity, supplied) VALUES ($1, $2, $2)
          ON CONFLICT (product_id) DO UPDATE
          SET supplied = stock.supplied + EXCLUDED.quantity - stock.quantity, quantity = EXCLUDED.quantity
          WHERE stock.quantity <> ALL ($3::bigint[])`,
        values: [productId, quantity, unexpected],
      })
      return rowCount === 1
    },

    /**
     * Sets the quantity if it is now one of `expected` and none of `unexpected`; null stands for any.
     *
     * @returns whether it is set
     */
    async setIf(
      productId: string,
      quantity: number,
      expected: number[] | null,
      unexpected: number[] | null,
    ): Promise<boolean> {
      const { rowCount } = await database.query({
        name: 'stock-set-if',
        text: `UPDATE stock SET supplied = supplied + $2 - quantity, quantity = $2
          WHERE product_id = $1 AND ($3::bigint[] IS NULL OR quantity = ANY ($3)) AND quantity <> ALL ($4::bigint[])`,
        values: [productId, quantity, expected, unexpected],
      })
      return rowCount === 1
    },

    /** Units left of all products together, and products of which nothing is left. */
    async summarize(): Promise<{ units: number; empty: number }> {
      const { rows } = await database.query<{ units: string; empty: string }>({
        name: 'stock-summarize',
        text: 'SELECT coalesce(sum(quantity), 0) AS units, count(*) FILTER (WHERE quantity = 0) AS empty FROM stock',
      })
      return { units: Number(rows[0]!.units), empty: Number(rows[0]!.empty) }
    },

    /** Products for which stock set by people - what is reserved = stock now does not hold. */
    async countViolations(): Promise<number> {
      const { rows } = await database.query<{ violations: string }>({
        name: 'stock-count-violations',
        text: `SELECT count(*) AS violations FROM stock
          LEFT JOIN (
            SELECT product_id, sum(quantity) AS quantity FROM reservations WHERE state = 'RESERVED' GROUP BY product_id
          ) AS reserved USING (product_id)
          WHERE stock.supplied - coalesce(reserved.quantity, 0) <> stock.quantity`,
      })
      return Number(rows[0]!.violations)
    },
  }
}
