import { timeBudget } from '@hello/shop/time-budget'
import { durationOf, secondsOf } from './durations.ts'
import type { Objectives } from './objectives.ts'

/** Seconds that pass until an alert is told of, or that a scrape takes, which takes no longer than the next is away. */
const times = [
  'pendingSeconds',
  'databaseNotSampled.seconds',
  'databaseLoad.transaction.seconds',
  'databaseLoad.idleInTransaction.seconds',
  'heap.ahead',
  'volumes.fillingUp.withinSeconds',
  'targets.slow.seconds',
  'backup.seconds',
]

/**
 * Events that are counted within a window: in a shorter one there are fewer. Not among them are those that come as often however
 * long the window is: the checkpoint after a crash, the restarts that the kubelet spaces, the series of a pod's first requests.
 */
const counts = [
  'burn.page.minimumBad',
  'burn.ticket.minimumBad',
  'fewRequests.below',
  'fewRequests.minimumBad',
  'databaseLoad.deadlocks.count',
  'retries.minimum',
  'rateLimit.minimum',
  'traceContext.minimum',
  'logs.none.requests',
  'logs.burst.lines',
  'ordersStalled.orders',
]

const { recoveryIdle, recoveryInterval, recoveryAttempt } = timeBudget

/** Seconds below which a healthy shop, whose own time runs as ever, would be told of. */
export const floors: Record<string, number> = {
  /** In this time recovery settles an order. */
  pendingSeconds: (recoveryIdle + recoveryInterval + recoveryAttempt) / 1000,
  /** Older than the sample that is taken the most rarely (services/inventory/src/stock-metrics.ts), with its statement. */
  'databaseNotSampled.seconds': 40,
  /** A scrape takes as long however often it is made. */
  'targets.slow.seconds': 1,
}

type Leaf = string | number

/** A copy of which each string and each number is what `change` makes of it and of its path. */
function mapLeaves<T>(value: T, change: (leaf: Leaf, path: string) => Leaf, path: string[] = []): T {
  if (typeof value === 'string' || typeof value === 'number') return change(value, path.join('.')) as T
  if (Array.isArray(value)) return value.map((item, at) => mapLeaves(item, change, [...path, String(at)])) as T
  const entries = Object.entries(value as object)
  return Object.fromEntries(entries.map(([key, inner]) => [key, mapLeaves(inner, change, [...path, key])])) as T
}

/** A duration as it is where time runs so many times faster. */
export const scaledDuration = (duration: string, factor: number): string =>
  factor === 1 ? duration : durationOf(secondsOf(duration) / factor)

/** What consists of durations only, such as the times of notifications, as it is where time runs so many times faster. */
export const scaledDurations = <T>(durations: T, factor: number): T =>
  mapLeaves(durations, (leaf) => scaledDuration(leaf as string, factor))

/**
 * The objectives as they are where time runs so many times faster, for tests that cannot wait as long as people: every duration
 * and every time that is waited for is divided by the factor, but for those that would be shorter than the shop itself takes.
 * Counts of events within a window shrink with it, to 1 at the least. What a request, a statement or a turn of the event loop
 * takes, shares, sizes and what counts states stay: they do not depend on for how long one looks.
 *
 * Recorded series are named for the windows that they really have.
 */
export const scaledObjectives = (own: Objectives, factor: number): Objectives =>
  mapLeaves(own, (leaf, path) => {
    if (typeof leaf === 'string') return scaledDuration(leaf, factor)
    if (factor === 1) return leaf
    if (times.includes(path)) return Math.max(floors[path] ?? 0, leaf / factor)
    if (counts.includes(path)) return Math.max(1, leaf / factor)
    return leaf
  })
