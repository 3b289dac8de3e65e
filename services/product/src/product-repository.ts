import { batching } from '@hello/service-kit/batching'
import { fromCents } from '@hello/service-kit/money'
import type { Pool } from 'pg'

export interface Product {
  id: string
  name: string
  /** In whole units of the currency, with at most two decimals. */
  price: number
}

interface Row {
  position: string
  id: string
  name: string
  price_cents: string
}

const toProduct = ({ position, id, name, price_cents }: Row) => ({
  position,
  id,
  name,
  price: fromCents(Number(price_cents)),
})

export function productRepository(database: Pool) {
  const find = batching<string, Product | undefined>({
    name: 'product-find',
    async run(ids) {
      const { rows } = await database.query<Row>({
        name: 'product-find',
        text: 'SELECT id, name, price_cents FROM products WHERE id = ANY ($1)',
        values: [ids],
      })
      const found = new Map(rows.map((row) => [row.id, toProduct(row)]))
      return ids.map((id) => found.get(id))
    },
  })

  return {
    async list({ after, limit }: { after: string | undefined; limit: number }) {
      const { rows } = await database.query<Row>({
        name: 'product-list',
        text: 'SELECT position, id, name, price_cents FROM products WHERE position > $1 ORDER BY position LIMIT $2',
        values: [after ?? '0', limit],
      })
      return rows.map(toProduct)
    },

    /** Undefined when there is no such product. */
    find,

    async create({ id, name, priceCents }: { id: string; name: string; priceCents: number }): Promise<Product> {
      await database.query({
        name: 'product-create',
        text: 'INSERT INTO products (id, name, price_cents) VALUES ($1, $2, $3)',
        values: [id, name, priceCents],
      })
      return { id, name, price: fromCents(priceCents) }
    },
  }
}
