import { createApp } from '@hello/service-kit/app'
import { databasePlugin } from '@hello/service-kit/database'
import { problemTypes } from '@hello/shop/identity'
import type { Static } from 'typebox'
import type { Config } from './config.ts'
import { productRepository } from './product-repository.ts'
import { productRoutes } from './routes/products.ts'

export type ProductConfig = Pick<
  Static<typeof Config>,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'SEED_DEMO' | 'LOG_LEVEL' | 'ALLOWED_HOSTS'
>

/** The catalogue: what the shop sells and for how much. */
export async function buildApp(config: ProductConfig) {
  const app = await createApp({
    name: 'product',
    logLevel: config.LOG_LEVEL,
    allowedHosts: config.ALLOWED_HOSTS,
    problemTypes,
    openApi: { title: 'Product', description: 'The catalogue: what the shop sells and for how much.' },
  })
  await app.register(databasePlugin, {
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    migrations: new URL('../migrations/', import.meta.url),
    applicationName: 'product',
    ...(config.SEED_DEMO && { seed: (database) => productRepository(database).seed() }),
  })
  await app.register(productRoutes)
  return app
}
