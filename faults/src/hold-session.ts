import { once } from 'node:events'
import pg from 'pg'

/**
 * Keeps a session of its own in a transaction until the signal is aborted; nothing of it is committed.
 *
 * @param statement what it does in the transaction before it idles
 * @throws Error when the session is ended by somebody else
 */
export async function holdSession(url: string, applicationName: string, statement: string, signal: AbortSignal) {
  const client = new pg.Client({ connectionString: url, application_name: applicationName, keepAlive: true })
  const lost = once(client, 'error').then(([error]) => Promise.reject(error))
  lost.catch(() => {})
  await client.connect()
  try {
    await client.query('BEGIN')
    await Promise.race([client.query(statement), lost])
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), lost])
  } finally {
    await client.end()
  }
}
