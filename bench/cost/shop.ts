/**
 * node bench/cost/shop.ts CHECKOUT SIGNALS: runs the shop of a checkout until its parent disconnects, and tells the parent when it is
 * ready. A process of its own, so that what the client costs is not counted with the launcher's receiver, and so that one run can
 * compare two checkouts.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { startShop as StartShop } from '@hello/local/shop/start-shop'
import pg from 'pg'
import { productCount, type ReadyShop } from './measured-shop.ts'

const [checkout, signals] = process.argv.slice(2) as [string, string]
// Where f29b5cd, against which issue 16 measures, has it.
const modules = ['local/shop/start-shop.ts', 'local/shop.ts'].map((path) => join(checkout, path))
const { startShop } = (await import(modules.find(existsSync)!)) as { startShop: typeof StartShop }

const shop = await startShop({
  signals: signals === 'true',
  // One client sends everything here, so that the limit per client would be what is measured.
  env: { RATE_LIMIT_PER_SECOND: '1000000' },
  only: ['product', 'inventory', 'order', 'gateway'],
})
process.once('disconnect', () => shop.stop())
await shop.ready()

async function fill(service: 'product' | 'inventory', statement: string) {
  const client = new pg.Client({ connectionString: shop.databaseUrl(service) })
  await client.connect()
  await client.query(statement)
  await client.end()
}
const numbers = `generate_series(0, ${productCount - 1}) AS n`
await fill(
  'product',
  `INSERT INTO products (id, name, price_cents) SELECT 'bench-' || n, 'Bench ' || n, 100 FROM ${numbers}`,
)
await fill(
  'inventory',
  `INSERT INTO stock (product_id, quantity, supplied) SELECT 'bench-' || n, 1000000000, 1000000000 FROM ${numbers}`,
)
const pids = Object.fromEntries(shop.processes().map(({ service, pid }) => [service, pid!]))
process.send!({ url: shop.urls.gateway, pids } satisfies ReadyShop)
