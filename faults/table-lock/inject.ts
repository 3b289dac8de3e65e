import { holdSession } from '../src/hold-session.ts'
import type { Inject } from '../src/injection.ts'

export const injectTableLock: Inject = (fault, { databaseUrl }) => {
  fault.whileOn((signal) => holdSession(databaseUrl!, 'migration', 'LOCK TABLE stock IN ACCESS EXCLUSIVE MODE', signal))
}
