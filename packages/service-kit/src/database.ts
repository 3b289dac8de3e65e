import { AsyncResource } from 'node:async_hooks'
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel'
import type { FastifyBaseLogger } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import pg from 'pg'
import Postgrator from 'postgrator'
import { isDatabaseUnavailable } from './database-errors.ts'
import { measurePool } from './database-metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    database: pg.Pool
  }
}

export interface DatabaseOptions {
  /** postgres:// URL; never logged. */
  url: string
  /** Most connections of this process. */
  poolSize: number
  /** Folder with migrations named `0001.do.what.sql`. */
  migrations: URL
  applicationName: string
}

/** pg calls back from whichever request gave its connection back; what waited goes on in its own asynchronous context. */
class Pool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    if (!callback) return super.connect()
    super.connect(AsyncResource.bind(callback))
    return undefined
  }
}

/** One key for all services is enough: each has a database of its own, and advisory locks are per database. */
const migrationLock = 0x68656c6c

/** Applies what is missing in one transaction, so that a crash leaves all or nothing and replicas may start together. */
async function migrate(pool: pg.Pool, folder: URL, log: FastifyBaseLogger) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SET LOCAL statement_timeout = 0')
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    const postgrator = new Postgrator({
      driver: 'pg',
      currentSchema: 'public',
      schemaTable: 'schema_version',
      migrationPattern: decodeURIComponent(new URL('*.sql', folder).pathname).replace('%2A', '*'),
      execQuery: (sql) => client.query(sql),
    })
    for (const { name, version } of await postgrator.migrate()) log.info({ version }, `migrated: ${name}`)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

/**
 * Opens the pool, waits up to half a minute for the server, migrates, and closes the pool with the app.
 * Readiness asks the server.
 */
export const databasePlugin = fastifyPlugin<DatabaseOptions>(
  async (app, { url, poolSize, migrations, applicationName }) => {
    const pool = new Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: 2000,
      idleTimeoutMillis: 30_000,
      query_timeout: 10_000,
      statement_timeout: 10_000,
      keepAlive: true,
      application_name: applicationName,
    })
    pool.on('error', (error) => app.log.warn({ err: error }, 'an idle database connection was lost'))
    app.addHook('onClose', () => pool.end())

    const patience = retry(handleWhen(isDatabaseUnavailable), {
      maxAttempts: 12,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 4000 }),
    })
    patience.onRetry(({ delay }) =>
      app.log.warn({ delay_ms: Math.round(delay) }, 'the database does not answer yet; trying again'),
    )
    await patience.execute(() => migrate(pool, migrations, app.log))

    app.decorate('database', pool)
    measurePool(app, pool, applicationName)
    app.readiness.add('database', () => pool.query('SELECT 1'))
  },
  { name: 'database', dependencies: ['readiness', 'metrics'] },
)
