import { blackHole } from '../black-hole/fault.ts'
import { injectBlackHole } from '../black-hole/inject.ts'
import { brokenProduct } from '../broken-product/fault.ts'
import { injectBrokenProduct } from '../broken-product/inject.ts'
import { clockSkew } from '../clock-skew/fault.ts'
import { injectClockSkew } from '../clock-skew/inject.ts'
import { cpuBurn } from '../cpu-burn/fault.ts'
import { injectCpuBurn } from '../cpu-burn/inject.ts'
import { errors } from '../errors/fault.ts'
import { injectErrors } from '../errors/inject.ts'
import { eventLoopBlock } from '../event-loop-block/fault.ts'
import { injectEventLoopBlock } from '../event-loop-block/inject.ts'
import { flood } from '../flood/fault.ts'
import { injectFlood } from '../flood/inject.ts'
import { idleInTransaction } from '../idle-in-transaction/fault.ts'
import { injectIdleInTransaction } from '../idle-in-transaction/inject.ts'
import { leakedConnections } from '../leaked-connections/fault.ts'
import { injectLeakedConnections } from '../leaked-connections/inject.ts'
import { legacyRace } from '../legacy-race/fault.ts'
import { injectLegacyRace } from '../legacy-race/inject.ts'
import { lostContext } from '../lost-context/fault.ts'
import { injectLostContext } from '../lost-context/inject.ts'
import { memoryLeak } from '../memory-leak/fault.ts'
import { injectMemoryLeak } from '../memory-leak/inject.ts'
import { noisyLogs } from '../noisy-logs/fault.ts'
import { injectNoisyLogs } from '../noisy-logs/inject.ts'
import { poolStarvation } from '../pool-starvation/fault.ts'
import { injectPoolStarvation } from '../pool-starvation/inject.ts'
import { redHerring } from '../red-herring/fault.ts'
import { injectRedHerring } from '../red-herring/inject.ts'
import { retryStorm } from '../retry-storm/fault.ts'
import { injectRetryStorm } from '../retry-storm/inject.ts'
import { slowInventory } from '../slow-inventory/fault.ts'
import { injectSlowInventory } from '../slow-inventory/inject.ts'
import { slowProduct } from '../slow-product/fault.ts'
import { injectSlowProduct } from '../slow-product/inject.ts'
import { stalePassword } from '../stale-password/fault.ts'
import { injectStalePassword } from '../stale-password/inject.ts'
import { stuckRecovery } from '../stuck-recovery/fault.ts'
import { injectStuckRecovery } from '../stuck-recovery/inject.ts'
import { tableLock } from '../table-lock/fault.ts'
import { injectTableLock } from '../table-lock/inject.ts'
import { wrongAddress } from '../wrong-address/fault.ts'
import { injectWrongAddress } from '../wrong-address/inject.ts'
import type { Fault } from './fault.ts'
import type { Inject } from './injection.ts'

/** What each fault does to a process. */
export const injections: (readonly [Fault, Inject])[] = [
  [blackHole, injectBlackHole],
  [brokenProduct, injectBrokenProduct],
  [clockSkew, injectClockSkew],
  [cpuBurn, injectCpuBurn],
  [errors, injectErrors],
  [eventLoopBlock, injectEventLoopBlock],
  [flood, injectFlood],
  [idleInTransaction, injectIdleInTransaction],
  [leakedConnections, injectLeakedConnections],
  [legacyRace, injectLegacyRace],
  [lostContext, injectLostContext],
  [memoryLeak, injectMemoryLeak],
  [noisyLogs, injectNoisyLogs],
  [poolStarvation, injectPoolStarvation],
  [redHerring, injectRedHerring],
  [retryStorm, injectRetryStorm],
  [slowInventory, injectSlowInventory],
  [slowProduct, injectSlowProduct],
  [stalePassword, injectStalePassword],
  [stuckRecovery, injectStuckRecovery],
  [tableLock, injectTableLock],
  [wrongAddress, injectWrongAddress],
]
