import { faultsPlugin } from '@hello/faults/plugin'
import { databaseSamplesPlugin } from '@hello/service-kit/database-samples'
import { createDatabaseApp } from '@hello/shop/database-app'
import type { Static } from 'typebox'
import type { Config } from './config.ts'
import { inventoryRoutes } from './routes/inventory.ts'
import { reservationRoutes } from './routes/reservations.ts'
import { seed } from './seed.ts'
import { stockMetricsPlugin } from './stock-metrics.ts'

export type InventoryConfig = Pick<
  Static<typeof Config>,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'SEED_DEMO' | 'LOG_LEVEL' | 'ALLOWED_HOSTS' | 'FAULTS_FILE'
>

/** The stock: how much of each product is left, and which order holds how much of it. */
export async function buildApp(config: InventoryConfig) {
  const app = await createDatabaseApp({
    name: 'inventory',
    description: 'The stock of each product, and what orders have reserved of it.',
    config,
    migrations: new URL('../migrations/', import.meta.url),
    ...(config.SEED_DEMO && { seed }),
  })
  await app.register(faultsPlugin, { service: 'inventory', file: config.FAULTS_FILE, databaseUrl: config.DATABASE_URL })
  await app.register(databaseSamplesPlugin, { url: config.DATABASE_URL, applicationName: 'inventory' })
  await app.register(stockMetricsPlugin)
  await app.register(inventoryRoutes)
  await app.register(reservationRoutes)
  return app
}
