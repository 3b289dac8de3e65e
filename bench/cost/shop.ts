/**
 * node bench/cost/shop.ts CHECKOUT SIGNALS: runs the shop of a checkout until its parent disconnects, and tells the parent when it is
 * ready. A process of its own, so that what the client costs is not counted with the launcher's receiver, and so that one run can
 * compare two checkouts.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { startShop as StartShop } from '@hello/local/shop/start-shop'
import { fillShelves } from '../shelves.ts'
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

await fillShelves(shop.databaseUrl, productCount)
const pids = Object.fromEntries(shop.processes().map(({ service, pid }) => [service, pid!]))
process.send!({ url: shop.urls.gateway, pids } satisfies ReadyShop)
