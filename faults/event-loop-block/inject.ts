import { setTimeout as delay } from 'node:timers/promises'
import type { Inject } from '../src/injection.ts'

/** Milliseconds of work, and of a pause in which all that waited is served: probes are late, and answered. */
const held = 350
const free = 250

function hold(forMs: number) {
  for (const until = performance.now() + forMs; performance.now() < until; );
}

export const injectEventLoopBlock: Inject = (fault) => {
  fault.whileOn(async (signal) => {
    while (!signal.aborted) {
      hold(held * fault.ratio())
      await delay(free, undefined, { signal }).catch(() => {})
    }
  })
}
