import { type Postgres, startPostgres } from '@hello/postgres/server'
import type { Plan } from './plan.ts'
import type { ShopWatch } from './shop-watch.ts'

interface DatabaseOptions {
  plan: Plan
  dataDir: string
  durable: boolean
  smallMemory: boolean
  log: (line: string) => void
}

/** Starts the PostgreSQL server of all services, and makes their databases. */
export async function startShopDatabase({ plan, smallMemory, ...options }: DatabaseOptions, watch: ShopWatch) {
  const owners = plan.replicas.filter(({ definition }) => definition.database).map(({ definition }) => definition.name)
  let postgres: Postgres | undefined
  const supervised = await watch.keepRunning('postgres', async () => {
    postgres = await startPostgres({
      ...options,
      port: plan.postgresPort,
      ...(smallMemory && { maxConnections: 60, sharedBuffers: '16MB' }),
    })
    return postgres
  })
  try {
    await Promise.all([...new Set(owners)].map((service) => postgres!.createDatabase(service)))
  } catch (error) {
    await supervised.stop()
    throw error
  }
  return {
    supervised,
    /** postgres:// URL of a database. */
    url: (database: string) => postgres!.url(database),
    stop: supervised.stop,
  }
}
