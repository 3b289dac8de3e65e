import { setTimeout as delay } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import type { Inject } from '../src/injection.ts'

/**
 * Share of the heap's limit that is approached and never passed, so that the process lives on: in a container V8 takes all of the
 * memory limit for the heap's, and what is not heap needs the rest.
 */
const most = 0.6
/** Share of the way there that is gone in a second: over half of the limit within two minutes, and growing ever more slowly. */
const step = 1 / 60
/** Numbers in an array of half a MiB, of 8 bytes each. */
const length = 65_536

export const injectMemoryLeak: Inject = (fault) => {
  fault.whileOn(async (signal) => {
    const kept: number[][] = []
    while (!signal.aborted) {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
      const bytes = (limit * most - used) * step * fault.ratio()
      for (let added = 0; added + length * 8 <= bytes; added += length * 8) kept.push(new Array(length).fill(0.5))
      await delay(1000, undefined, { signal }).catch(() => {})
    }
  })
}
