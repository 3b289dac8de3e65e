import { createDatabaseApp, type DatabaseAppConfig } from '@hello/shop/database-app'
import { sampleThingRoutes } from './routes/sample-things.ts'

/** The sample things. */
export async function buildApp(config: DatabaseAppConfig) {
  const app = await createDatabaseApp({
    name: 'sample-thing',
    description: 'The sample things.',
    config,
    migrations: new URL('../migrations/', import.meta.url),
  })
  await app.register(sampleThingRoutes)
  return app
}
