import type { Series } from './metric-store.ts'

/** The points in time that a chart shows. */
export interface Range {
  /** Milliseconds since the epoch: the time of the last point. */
  to: number
  /** Milliseconds between two points. */
  step: number
  count: number
  /** Steps that a point looks back. */
  window: number
}

export const timesOf = ({ to, step, count }: Range) =>
  Array.from({ length: count }, (_, index) => to - (count - 1 - index) * step)

/**
 * The growth of counters over each point's window, all series together. A counter that fell was reset by a restart and
 * has grown by what it shows, as in PromQL's `increase`.
 */
export function increases(series: Series[], { to, step, count, window }: Range): number[] {
  const slots = new Float64Array(count + window - 1)
  const start = to - slots.length * step
  for (const { points } of series) {
    for (let index = 1; index < points.length; index += 1) {
      const { time, value } = points[index]!
      const slot = Math.ceil((time - start) / step) - 1
      if (slot < 0 || slot >= slots.length) continue
      const before = points[index - 1]!.value
      slots[slot]! += value < before ? value : value - before
    }
  }
  return Array.from({ length: count }, (_, index) =>
    slots.subarray(index, index + window).reduce((sum, growth) => sum + growth, 0),
  )
}

/** Whether a scrape fell into each point's window: without one, nothing is known of that time. */
export function isCovered(scrapes: number[], range: Range): boolean[] {
  const length = range.window * range.step
  return timesOf(range).map((time) => scrapes.some((scrape) => scrape > time - length && scrape <= time))
}

/** The value of a gauge at each point; null before it was first seen, and when it was not seen for a window. */
export function valuesOf({ points, seen }: Series, range: Range): (number | null)[] {
  let next = 0
  return timesOf(range).map((time) => {
    while (next < points.length && points[next]!.time <= time) next += 1
    const value = points[next - 1]?.value
    return value === undefined || time > seen + range.window * range.step ? null : value
  })
}
