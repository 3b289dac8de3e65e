import { idleInTransaction } from '../idle-in-transaction/fault.ts'
import { injectIdleInTransaction } from '../idle-in-transaction/inject.ts'
import { leakedConnections } from '../leaked-connections/fault.ts'
import { injectLeakedConnections } from '../leaked-connections/inject.ts'
import { redHerring } from '../red-herring/fault.ts'
import { injectRedHerring } from '../red-herring/inject.ts'
import { slowInventory } from '../slow-inventory/fault.ts'
import { injectSlowInventory } from '../slow-inventory/inject.ts'
import { stalePassword } from '../stale-password/fault.ts'
import { injectStalePassword } from '../stale-password/inject.ts'
import { tableLock } from '../table-lock/fault.ts'
import { injectTableLock } from '../table-lock/inject.ts'
import type { Fault } from './fault.ts'
import type { Inject } from './injection.ts'

/** What each fault does to a process. */
export const injections: (readonly [Fault, Inject])[] = [
  [idleInTransaction, injectIdleInTransaction],
  [leakedConnections, injectLeakedConnections],
  [redHerring, injectRedHerring],
  [slowInventory, injectSlowInventory],
  [stalePassword, injectStalePassword],
  [tableLock, injectTableLock],
]
