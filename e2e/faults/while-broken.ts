import type { Fault } from '@hello/faults/fault'
import { type FlagStore, keepFault } from '@hello/faults/flag-store'

/** Of a fault that nobody ends, in milliseconds. */
const longest = 3_600_000

/**
 * Keeps a fault on while `meanwhile` runs, or until somebody else ends it.
 *
 * @returns why it ended
 */
export async function whileBroken(faults: FlagStore, fault: Fault, meanwhile: () => Promise<unknown>, ratio?: number) {
  const stopping = new AbortController()
  const kept = keepFault(faults, fault, { ratio, forMs: longest, signal: stopping.signal })
  try {
    await Promise.race([kept, meanwhile()])
  } finally {
    stopping.abort()
    await kept
  }
  return kept
}
