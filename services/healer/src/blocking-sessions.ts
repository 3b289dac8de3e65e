import { openPool } from '@hello/service-kit/database'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import type { Actions } from './actions.ts'

interface Session {
  pid: number
  /** With the pid, what makes a session unmistakable: pids are given again. */
  backend_start: Date
  application_name: string
  state: string
  seconds: number
}

/** What is asked of PostgreSQL is answered at once or not at all, in milliseconds. */
const timeouts = { connectTimeout: 2000, statementTimeout: 2000 }

/**
 * Sessions at the head of a queue. One that waits itself is let be: it goes on when the head is gone. A backup reads all of a
 * database in one transaction and is never ended.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION
 */
const blocking = `
  WITH waiting AS (
    SELECT pid, unnest(pg_blocking_pids(pid)) AS holder
    FROM pg_stat_activity
    WHERE datname = $1 AND wait_event_type = 'Lock'
  )
  SELECT pid, backend_start, application_name, state,
    extract(epoch FROM now() - xact_start)::float8 AS seconds
  FROM pg_stat_activity AS activity
  WHERE datname = $1
    AND backend_type = 'client backend'
    AND application_name <> 'pg_dump'
    AND pid <> pg_backend_pid()
    AND pid IN (SELECT holder FROM waiting)
    AND pid NOT IN (SELECT waiting.pid FROM waiting)
    AND xact_start < now() - make_interval(secs => $2)
  ORDER BY xact_start`

const list = async (database: pg.Pool, name: string, olderThanSeconds: number): Promise<Session[]> =>
  (await database.query<Session>({ name: 'blocking-sessions', text: blocking, values: [name, olderThanSeconds] })).rows

const describe = (name: string, { pid, application_name, state, seconds }: Session) =>
  `ends session ${pid} of ${application_name || 'an unnamed client'} in the database ${name}, ${state} for ${Math.round(seconds)} s, for which others wait`

/**
 * Ends sessions of PostgreSQL that hold others up.
 *
 * @param url of a member of pg_signal_backend, which may end those of others, and pg_monitor, which may see them
 */
export function sessionActions(app: FastifyInstance, url: string): Pick<Actions, 'endBlockingSessions'> {
  const database = openPool(app, { url, applicationName: 'healer', size: 1, ...timeouts })
  return {
    async endBlockingSessions(name, olderThanSeconds) {
      const found = await list(database, name, olderThanSeconds)
      if (found.length === 0) return undefined
      return {
        what: found.map((one) => describe(name, one)).join('; '),
        async take() {
          const still = await list(database, name, olderThanSeconds)
          const same = found.filter(({ pid, backend_start }) =>
            still.some((one) => one.pid === pid && one.backend_start.getTime() === backend_start.getTime()),
          )
          const { rows } = await database.query<{ pid: number; ended: boolean }>({
            name: 'end-sessions',
            text: 'SELECT pid, pg_terminate_backend(pid) AS ended FROM unnest($1::int[]) AS pid',
            values: [same.map(({ pid }) => pid)],
          })
          const left = rows.filter(({ ended }) => !ended).map(({ pid }) => pid)
          if (left.length > 0) throw new Error(`PostgreSQL did not end the sessions ${left.join(', ')}.`)
        },
      }
    },
  }
}
