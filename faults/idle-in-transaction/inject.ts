import { holdSession } from '../src/hold-session.ts'
import type { Inject } from '../src/injection.ts'

/** Changes nothing, and locks the row as any change does. */
const change = 'UPDATE stock SET quantity = quantity WHERE position = (SELECT min(position) FROM stock)'

export const injectIdleInTransaction: Inject = (fault, { databaseUrl }) => {
  fault.whileOn((signal) => holdSession(databaseUrl!, 'psql', change, signal))
}
