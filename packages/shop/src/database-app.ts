import { createApp } from '@hello/service-kit/app'
import { type DatabaseOptions, databasePlugin } from '@hello/service-kit/database'
import { problemTypes } from './identity.ts'

/** What the environment says to every service with a database. */
export interface DatabaseAppConfig {
  DATABASE_URL: string
  DATABASE_POOL_SIZE: number
  LOG_LEVEL: string
  ALLOWED_HOSTS: string
}

export interface DatabaseAppOptions extends Pick<DatabaseOptions, 'migrations' | 'seed'> {
  /** The service's name in the list of services. */
  name: string
  /** What it is for, at the head of `/docs`. */
  description: string
  config: DatabaseAppConfig
}

/** An app of the shop with the service's own database, migrated; what every service with tables starts from. */
export async function createDatabaseApp({ name, description, config, ...database }: DatabaseAppOptions) {
  const app = await createApp({
    name,
    logLevel: config.LOG_LEVEL,
    allowedHosts: config.ALLOWED_HOSTS,
    problemTypes,
    openApi: { title: name.charAt(0).toUpperCase() + name.slice(1), description },
  })
  await app.register(databasePlugin, {
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: name,
    ...database,
  })
  return app
}
