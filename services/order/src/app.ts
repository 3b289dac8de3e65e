import { faultsPlugin } from '@hello/faults/plugin'
import { databaseSamplesPlugin } from '@hello/service-kit/database-samples'
import { createDatabaseApp } from '@hello/shop/database-app'
import type { Static } from 'typebox'
import type { Config } from './config.ts'
import { inventoryClientPlugin } from './inventory-client.ts'
import { orderMetricsPlugin } from './order-metrics.ts'
import { orderProtocolPlugin } from './order-protocol.ts'
import { productClientPlugin } from './product-client.ts'
import { recoveryPlugin } from './recovery.ts'
import { orderRoutes } from './routes/orders.ts'

export type OrderConfig = Pick<
  Static<typeof Config>,
  | 'DATABASE_URL'
  | 'DATABASE_POOL_SIZE'
  | 'LOG_LEVEL'
  | 'ALLOWED_HOSTS'
  | 'FAULTS_FILE'
  | 'PRODUCT_SERVICE_URL'
  | 'INVENTORY_SERVICE_URL'
>

/** The orders, and the protocol by which none is lost and no unit is sold twice. */
export async function buildApp(config: OrderConfig) {
  const app = await createDatabaseApp({
    name: 'order',
    description: 'Orders: made once per Idempotency-Key, never lost, never sold twice.',
    config,
    migrations: new URL('../migrations/', import.meta.url),
  })
  await app.register(faultsPlugin, { service: 'order', file: config.FAULTS_FILE, databaseUrl: config.DATABASE_URL })
  await app.register(productClientPlugin, { url: config.PRODUCT_SERVICE_URL })
  await app.register(inventoryClientPlugin, { url: config.INVENTORY_SERVICE_URL })
  await app.register(databaseSamplesPlugin, { url: config.DATABASE_URL, applicationName: 'order' })
  await app.register(orderMetricsPlugin)
  await app.register(orderProtocolPlugin)
  await app.register(recoveryPlugin)
  await app.register(orderRoutes)
  return app
}
