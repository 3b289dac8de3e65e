import { none } from '../none/fault.ts'
import { redHerring } from '../red-herring/fault.ts'
import { slowInventory } from '../slow-inventory/fault.ts'
import { tableLock } from '../table-lock/fault.ts'
import type { Fault } from './fault.ts'

/** Every fault, sorted by name. */
export const allFaults: readonly Fault[] = [none, redHerring, slowInventory, tableLock]
