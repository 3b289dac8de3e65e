import { setTimeout as delay } from 'node:timers/promises'

/** Spans and logs are sent in batches, and Prometheus of the cluster scrapes four times a minute. A run may give more (e2e/cluster/run-on-cluster.ts). */
const DEADLINE_MS = Number(process.env.EVENTUALLY_MS ?? 90_000)
const INTERVAL_MS = 250

/**
 * Repeats `check` until it passes.
 *
 * @throws what `check` threw last, when the deadline is over
 */
export async function eventually<T>(check: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await delay(INTERVAL_MS)
    }
  }
}
