import { idleInTransaction } from '../idle-in-transaction/fault.ts'
import { leakedConnections } from '../leaked-connections/fault.ts'
import { none } from '../none/fault.ts'
import { redHerring } from '../red-herring/fault.ts'
import { slowInventory } from '../slow-inventory/fault.ts'
import { stalePassword } from '../stale-password/fault.ts'
import { tableLock } from '../table-lock/fault.ts'
import type { Fault } from './fault.ts'

/** Every fault, sorted by name. */
export const allFaults: readonly Fault[] = [
  idleInTransaction,
  leakedConnections,
  none,
  redHerring,
  slowInventory,
  stalePassword,
  tableLock,
]
