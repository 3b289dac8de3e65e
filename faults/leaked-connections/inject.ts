import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Inject } from '../src/injection.ts'

/** Share of max_connections that is taken in the end: beyond what the alert allows, and short of a blind exporter. */
const taken = 0.9
/** Between two connections, and between two looks whether there is room again, in milliseconds. */
const pace = { leaking: 50, full: 1000 }

/** Whether less is taken. Background processes, which have no database, do not count against max_connections. */
async function hasRoom(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ max_connections: string }>('SHOW max_connections')
  const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname IS NOT NULL')
  return rowCount! < taken * Number(rows[0]!.max_connections)
}

export const injectLeakedConnections: Inject = (fault, { service, databaseUrl }) => {
  fault.whileOn(async (signal) => {
    const leaked = new Set<pg.Client>()

    async function leak(): Promise<pg.Client> {
      const client = new pg.Client({
        connectionString: databaseUrl,
        application_name: service,
        connectionTimeoutMillis: 2000,
        keepAlive: true,
      })
      client.on('error', () => leaked.delete(client)) // somebody ended it; another takes its place
      await client.connect()
      leaked.add(client)
      return client
    }

    try {
      const first = await leak()
      while (!signal.aborted) {
        const room = await hasRoom(first)
        if (room) await leak()
        await delay(room ? pace.leaking : pace.full, undefined, { signal }).catch(() => {})
      }
    } finally {
      await Promise.allSettled([...leaked].map((client) => client.end()))
    }
  })
}
