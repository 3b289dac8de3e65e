import type pg from 'pg'
import type { Inject } from '../src/injection.ts'
import { untilAborted } from '../src/until-aborted.ts'

function withStalePassword(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.password = 'of-before-the-rotation'
  return url.href
}

/** Ends the connections that the pool still has, each when its statement is done. */
async function endConnections(pool: pg.Pool, signal: AbortSignal) {
  while (pool.totalCount > 0 && !signal.aborted) {
    const client = await pool.connect().catch(() => undefined) // a new one, which is refused
    client?.release(true)
  }
}

export const injectStalePassword: Inject = (fault, { app: { database }, databaseUrl }) => {
  fault.whileOn(async (signal) => {
    database.options.connectionString = withStalePassword(databaseUrl!)
    try {
      await endConnections(database, signal)
      await untilAborted(signal)
    } finally {
      database.options.connectionString = databaseUrl
    }
  })
}
