import pg from 'pg'

/**
 * Puts products with stock that lasts into a shop: `bench-0` and on.
 *
 * @param databaseUrl postgres:// URL of a service's database
 */
export async function fillShelves(databaseUrl: (service: 'product' | 'inventory') => string, products: number) {
  for (const [service, statement] of [
    ['product', `INSERT INTO products (id, name, price_cents) SELECT 'bench-' || n, 'Bench ' || n, 100`],
    ['inventory', `INSERT INTO stock (product_id, quantity, supplied) SELECT 'bench-' || n, 1000000000, 1000000000`],
  ] as const) {
    const client = new pg.Client({ connectionString: databaseUrl(service) })
    await client.connect()
    await client.query(`${statement} FROM generate_series(0, $1) AS n`, [products - 1])
    await client.end()
  }
}
