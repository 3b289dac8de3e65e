import type { Pool } from 'pg'

/**
 * Stocks the demo's products where there is no stock yet, all or nothing; replicas may do it at the same time.
 *
 * @returns how many were added
 */
export async function seed(database: Pool): Promise<number> {
  const { rowCount } = await database.query(`
    INSERT INTO stock (product_id, quantity, supplied)
    SELECT id, quantity, quantity
    FROM (VALUES ('product1', 100), ('product2', 50), ('product3', 75)) AS demo (id, quantity)
    WHERE NOT EXISTS (SELECT FROM stock)
    ON CONFLICT (product_id) DO NOTHING`)
  return rowCount ?? 0
}
