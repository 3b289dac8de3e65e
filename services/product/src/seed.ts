import type { Pool } from 'pg'

/**
 * Adds the demo's products where there is none yet, all or nothing; replicas may do it at the same time.
 *
 * @returns how many were added
 */
export async function seed(database: Pool): Promise<number> {
  const { rowCount } = await database.query(`
    INSERT INTO products (id, name, price_cents)
    SELECT id, name, price_cents FROM (VALUES
      ('product1', 'Product 1', 1099), ('product2', 'Product 2', 2999), ('product3', 'Product 3', 549)
    ) AS demo (id, name, price_cents)
    WHERE NOT EXISTS (SELECT FROM products)
    ON CONFLICT (id) DO NOTHING`)
  return rowCount ?? 0
}
