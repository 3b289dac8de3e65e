import type { MetricStore, Series } from './metric-store.ts'

/** The histogram of every service's requests, in seconds. */
export const requestDuration = 'http_server_request_duration_seconds'

export interface RedPoint {
  /** Milliseconds since the epoch; the end of the window. */
  time: number
  /** Requests a second. */
  rate: number
  /** Answers with 5xx a second. */
  errors: number
  /** Milliseconds; null without a request in the window. */
  p50: number | null
  p95: number | null
  p99: number | null
}

export interface RedRange {
  /** Milliseconds since the epoch: the time of the last point. */
  to: number
  /** Milliseconds between two points. */
  step: number
  count: number
  /** Steps that a point looks back. */
  window: number
}

/**
 * The growth of counters over each point's window, all series together. A counter that fell was reset by a restart and
 * has grown by what it shows, as in PromQL's `increase`.
 */
function increases(series: Series[], { to, step, count, window }: RedRange): number[] {
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

/**
 * A quantile of a histogram, linear inside its bucket, as PromQL's `histogram_quantile`:
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 *
 * @param buckets upper bounds, ascending, the last one infinite, with cumulative counts
 * @returns null without an observation; the highest finite bound for what lies above it
 */
export function histogramQuantile(quantile: number, buckets: { le: number; count: number }[]): number | null {
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) return null
  const rank = quantile * total
  const index = buckets.findIndex(({ count }) => count >= rank)
  const bucket = buckets[index]!
  const lower = buckets[index - 1] ?? { le: 0, count: 0 }
  if (bucket.le === Number.POSITIVE_INFINITY) return lower.le
  if (bucket.count === lower.count) return bucket.le
  return lower.le + ((bucket.le - lower.le) * (rank - lower.count)) / (bucket.count - lower.count)
}

const bound = (le: string) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le))

/** Rate, errors and duration of a service's requests over time, from the growth of its histogram's buckets. */
export function redOf(metrics: MetricStore, service: string, range: RedRange): RedPoint[] {
  const counts = metrics.series(service, `${requestDuration}_count`)
  const requests = increases(counts, range)
  const failures = increases(
    counts.filter(({ labels }) => labels.http_response_status_code?.startsWith('5')),
    range,
  )
  const byBound = Map.groupBy(metrics.series(service, `${requestDuration}_bucket`), ({ labels }) =>
    bound(labels.le ?? ''),
  )
  const buckets = [...byBound]
    .map(([le, series]) => ({ le, counts: increases(series, range) }))
    .sort((one, other) => one.le - other.le)

  return requests.map((growth, index) => {
    const milliseconds = (quantile: number) => {
      const seconds = histogramQuantile(
        quantile,
        buckets.map(({ le, counts }) => ({ le, count: counts[index]! })),
      )
      return seconds === null ? null : seconds * 1000
    }
    const perSecond = 1000 / (range.window * range.step)
    return {
      time: range.to - (range.count - 1 - index) * range.step,
      rate: growth * perSecond,
      errors: failures[index]! * perSecond,
      p50: milliseconds(0.5),
      p95: milliseconds(0.95),
      p99: milliseconds(0.99),
    }
  })
}
