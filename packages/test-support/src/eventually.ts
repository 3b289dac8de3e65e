import { setTimeout as delay } from 'node:timers/promises'

export interface Patience {
  /** No guess at the machine's speed, only an end for what never comes. EVENTUALLY_SECONDS is what a run gives where a test says nothing. */
  seconds?: number
  everyMs?: number
}

/**
 * Repeats `check` until it neither throws nor gives `false`, and resolves to what it gave.
 *
 * @throws what `check` threw last, or an error that shows its code, when the time is over
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { seconds = Number(process.env.EVENTUALLY_SECONDS ?? 90), everyMs = 100 }: Patience = {},
): Promise<Exclude<T, false>> {
  for (const deadline = performance.now() + seconds * 1000; ; await delay(everyMs)) {
    try {
      const found = await check()
      if (found !== false) return found as Exclude<T, false>
      if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${check}`)
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
  }
}
