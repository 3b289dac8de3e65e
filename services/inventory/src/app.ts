import { createApp } from '@hello/service-kit/app'
import { databasePlugin } from '@hello/service-kit/database'
import { databaseSamplesPlugin } from '@hello/service-kit/database-samples'
import { problemTypes } from '@hello/shop/identity'
import type { Static } from 'typebox'
import type { Config } from './config.ts'
import { inventoryRoutes } from './routes/inventory.ts'
import { reservationRoutes } from './routes/reservations.ts'
import { stockMetricsPlugin } from './stock-metrics.ts'
import { stockRepository } from './stock-repository.ts'

export type InventoryConfig = Pick<
  Static<typeof Config>,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'SEED_DEMO' | 'LOG_LEVEL' | 'ALLOWED_HOSTS'
>

/** The stock: how much of each product is left, and which order holds how much of it. */
export async function buildApp(config: InventoryConfig) {
  const app = await createApp({
    name: 'inventory',
    logLevel: config.LOG_LEVEL,
    allowedHosts: config.ALLOWED_HOSTS,
    problemTypes,
    openApi: { title: 'Inventory', description: 'The stock of each product, and what orders have reserved of it.' },
  })
  await app.register(databasePlugin, {
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    migrations: new URL('../migrations/', import.meta.url),
    applicationName: 'inventory',
    ...(config.SEED_DEMO && { seed: (database) => stockRepository(database).seed() }),
  })
  await app.register(databaseSamplesPlugin, { url: config.DATABASE_URL, applicationName: 'inventory' })
  await app.register(stockMetricsPlugin)
  await app.register(inventoryRoutes)
  await app.register(reservationRoutes)
  return app
}
