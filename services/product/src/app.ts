import { faultsPlugin } from '@hello/faults/plugin'
import { createDatabaseApp } from '@hello/shop/database-app'
import type { Static } from 'typebox'
import type { Config } from './config.ts'
import { productRoutes } from './routes/products.ts'
import { seed } from './seed.ts'

export type ProductConfig = Pick<
  Static<typeof Config>,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'SEED_DEMO' | 'LOG_LEVEL' | 'ALLOWED_HOSTS' | 'FAULTS_FILE'
>

/** The catalogue: what the shop sells and for how much. */
export async function buildApp(config: ProductConfig) {
  const app = await createDatabaseApp({
    name: 'product',
    description: 'The catalogue: what the shop sells and for how much.',
    config,
    migrations: new URL('../migrations/', import.meta.url),
    ...(config.SEED_DEMO && { seed }),
  })
  await app.register(faultsPlugin, { service: 'product', file: config.FAULTS_FILE, databaseUrl: config.DATABASE_URL })
  await app.register(productRoutes)
  return app
}
