import type { Pool } from 'pg'

interface Row {
  position: string
  product_id: string
  quantity: string
}

export function stockRepository(database: Pool) {
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
    async find(productId: string): Promise<number | undefined> {
      const { rows } = await database.query<Row>({
        name: 'stock-find',
        text: 'SELECT quantity FROM stock WHERE product_id = $1',
        values: [productId],
      })
      return rows[0] && Number(rows[0].quantity)
    },

    async set(productId: string, quantity: number): Promise<void> {
      await database.query({
        name: 'stock-set',
        text: `INSERT INTO stock (product_id, quantity, supplied) VALUES ($1, $2, $2)
          ON CONFLICT (product_id) DO UPDATE
          SET supplied = stock.supplied + EXCLUDED.quantity - stock.quantity, quantity = EXCLUDED.quantity`,
        values: [productId, quantity],
      })
    },

    /**
     * Sets the quantity if it is now one of `expected`; null stands for any.
     *
     * @returns whether it was
     */
    async setIf(productId: string, quantity: number, expected: number[] | null): Promise<boolean> {
      const { rowCount } = await database.query({
        name: 'stock-set-if',
        text: `UPDATE stock SET supplied = supplied + $2 - quantity, quantity = $2
          WHERE product_id = $1 AND ($3::bigint[] IS NULL OR quantity = ANY ($3))`,
        values: [productId, quantity, expected],
      })
      return rowCount === 1
    },
  }
}
