import { blackHole } from '../black-hole/fault.ts'
import { brokenProduct } from '../broken-product/fault.ts'
import { clockSkew } from '../clock-skew/fault.ts'
import { cpuBurn } from '../cpu-burn/fault.ts'
import { errors } from '../errors/fault.ts'
import { eventLoopBlock } from '../event-loop-block/fault.ts'
import { flood } from '../flood/fault.ts'
import { idleInTransaction } from '../idle-in-transaction/fault.ts'
import { leakedConnections } from '../leaked-connections/fault.ts'
import { legacyRace } from '../legacy-race/fault.ts'
import { lostContext } from '../lost-context/fault.ts'
import { memoryLeak } from '../memory-leak/fault.ts'
import { noisyLogs } from '../noisy-logs/fault.ts'
import { none } from '../none/fault.ts'
import { poolStarvation } from '../pool-starvation/fault.ts'
import { redHerring } from '../red-herring/fault.ts'
import { retryStorm } from '../retry-storm/fault.ts'
import { slowInventory } from '../slow-inventory/fault.ts'
import { slowProduct } from '../slow-product/fault.ts'
import { stalePassword } from '../stale-password/fault.ts'
import { stuckRecovery } from '../stuck-recovery/fault.ts'
import { tableLock } from '../table-lock/fault.ts'
import { wrongAddress } from '../wrong-address/fault.ts'
import type { Fault } from './fault.ts'

/** Every fault, sorted by name. */
export const allFaults: readonly Fault[] = [
  blackHole,
  brokenProduct,
  clockSkew,
  cpuBurn,
  errors,
  eventLoopBlock,
  flood,
  idleInTransaction,
  leakedConnections,
  legacyRace,
  lostContext,
  memoryLeak,
  noisyLogs,
  none,
  poolStarvation,
  redHerring,
  retryStorm,
  slowInventory,
  slowProduct,
  stalePassword,
  stuckRecovery,
  tableLock,
  wrongAddress,
]
