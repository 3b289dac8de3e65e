import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** Between two times that the statement is said, in milliseconds. */
const pause = 2000

/**
 * So that PostgreSQL ends the session of a process that is frozen, or whose machine is gone, and of one that waits for a lock
 * behind which others would wait in turn.
 */
const limits = `SET LOCAL idle_in_transaction_session_timeout = '10s'; SET LOCAL lock_timeout = '2s'`

/**
 * Keeps a session of its own in a transaction until the signal is aborted; nothing of it is committed.
 *
 * @param statement what it does in the transaction, which must be the same when it is done again
 * @throws Error when the session is ended by somebody else, or the lock is not to be had
 */
export async function holdSession(url: string, applicationName: string, statement: string, signal: AbortSignal) {
  const client = new pg.Client({ connectionString: url, application_name: applicationName, keepAlive: true })
  const lost = once(client, 'error').then(([error]) => Promise.reject(error))
  lost.catch(() => {})
  await client.connect()
  try {
    await client.query(`BEGIN; ${limits}`)
    while (!signal.aborted) {
      await Promise.race([client.query(statement), lost])
      await Promise.race([delay(pause, undefined, { signal }).catch(() => {}), lost])
    }
  } finally {
    await client.end()
  }
}
