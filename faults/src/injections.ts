import { redHerring } from '../red-herring/fault.ts'
import { injectRedHerring } from '../red-herring/inject.ts'
import { slowInventory } from '../slow-inventory/fault.ts'
import { injectSlowInventory } from '../slow-inventory/inject.ts'
import { tableLock } from '../table-lock/fault.ts'
import { injectTableLock } from '../table-lock/inject.ts'
import type { Fault } from './fault.ts'
import type { Inject } from './injection.ts'

/** What each fault does to a process. */
export const injections: (readonly [Fault, Inject])[] = [
  [redHerring, injectRedHerring],
  [slowInventory, injectSlowInventory],
  [tableLock, injectTableLock],
]
