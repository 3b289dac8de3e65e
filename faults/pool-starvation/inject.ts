import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Inject } from '../src/injection.ts'

/** How many more connections are wanted than the pool has: clearly more statements wait than the alert allows, without a request. */
const more = 8
/** Short enough for the statement's time-out; the next follows on the same connection. */
const slowStatement = 'SELECT pg_sleep(0.5)'
/** Between two tries to get a connection, in milliseconds. */
const pause = 50

/** Keeps a connection, once it has got one, with one statement after the other. */
async function keepOne(pool: pg.Pool, signal: AbortSignal) {
  while (!signal.aborted) {
    const client = await pool.connect().catch(() => undefined)
    let broken: Error | undefined
    try {
      while (client && !signal.aborted) await client.query(slowStatement)
    } catch (error) {
      broken = error as Error
    }
    client?.release(broken)
    await delay(pause, undefined, { signal }).catch(() => {})
  }
}

export const injectPoolStarvation: Inject = (fault, { app: { database } }) => {
  fault.whileOn(async (signal) => {
    await Promise.all(Array.from({ length: database.options.max + more }, () => keepOne(database, signal)))
  })
}
