import { AsyncResource } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
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
  /** Fills what is empty and returns how many rows that took; safe to repeat, also by several at once. */
  seed?: (database: pg.Pool) => Promise<number>
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

export interface PoolOptions {
  url: string
  applicationName: string
  /** Most connections. */
  size: number
  /** Most time to get a connection, new or not, in milliseconds. */
  connectTimeout: number
  /** Most time from sending a statement to its answer, in milliseconds. */
  statementTimeout: number
  /** What is set for each connection, such as `-c work_mem=8MB`. */
  settings?: string
}

/** What a server that no longer answers may hold up the shutdown, in milliseconds. */
const endTimeout = 1000
/** By so many milliseconds the server is later than the client to give a statement up, so that its answer is never mistaken. */
const serverMargin = 250

/** Opens a connection pool that closes with the app. A connection on which a statement was given up is replaced. */
export function openPool(app: FastifyInstance, options: PoolOptions): pg.Pool {
  const pool = new Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: options.connectTimeout,
    idleTimeoutMillis: 30_000,
    query_timeout: options.statementTimeout,
    statement_timeout: options.statementTimeout + serverMargin,
    keepAlive: true,
    application_name: options.applicationName,
    ...(options.settings && { options: options.settings }),
  })
  pool.on('error', (error) => app.log.warn({ err: error }, 'an idle database connection was lost'))
  app.addHook('onClose', () => Promise.race([pool.end(), delay(endTimeout, undefined, { ref: false })]))
  return pool
}

/**
 * In sum below what the services wait for each other (2 s), so that they hear from each other that the database is away instead
 * of waiting in vain.
 */
export const requestTimeouts = {
  /** Until the next batch of statements begins although the one under way has not ended (batching.ts). */
  batchWait: 100,
  connectTimeout: 1050,
  statementTimeout: 800,
}

/**
 * A prepared statement of a request is planned once, for planning one for a batch takes longer than to run it. So it must not be
 * planned for the size that a table happens to have then: a small one is read whole rather than by an index, and so is what it grows to.
 */
const requestSettings = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off'

/** One key for all services is enough: each has a database of its own, and advisory locks are per database. */
const migrationLock = 0x68656c6c

/** Applies what is missing in one transaction, so that a crash leaves all or nothing and replicas may start together. */
async function migrate(url: string, folder: URL, log: FastifyBaseLogger) {
  // A connection of its own: a migration takes the time it takes.
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, keepAlive: true })
  client.on('error', () => {}) // the statement under way fails with it
  try {
    await client.connect()
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
    const applied = await postgrator.migrate()
    await client.query('COMMIT')
    for (const { name, version } of applied) log.info({ version }, `migrated: ${name}`)
  } finally {
    void client.end()
  }
}

/**
 * Opens the pool, waits up to half a minute for the server, migrates, seeds where that is asked for, and closes the pool with
 * the app. Readiness asks the server.
 */
export const databasePlugin = fastifyPlugin<DatabaseOptions>(
  async (app, { url, poolSize, migrations, applicationName, seed }) => {
    const pool = openPool(app, { url, applicationName, size: poolSize, ...requestTimeouts, settings: requestSettings })

    const patience = retry(handleWhen(isDatabaseUnavailable), {
      maxAttempts: 12,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 4000 }),
    })
    patience.onRetry(({ delay }) =>
      app.log.warn({ delay_ms: Math.round(delay) }, 'the database does not answer yet; trying again'),
    )
    await patience.execute(() => migrate(url, migrations, app.log))
    if (seed) {
      const rows = await patience.execute(() => seed(pool))
      app.log.info({ rows }, rows > 0 ? "filled the empty database with the demo's rows" : 'not seeded: there are rows')
    }

    app.decorate('database', pool)
    measurePool(app, pool, applicationName)
    app.readiness.add('database', () => pool.query('SELECT 1'))
  },
  { name: 'database', dependencies: ['readiness', 'metrics'] },
)
