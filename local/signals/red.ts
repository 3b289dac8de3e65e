import type { RedPoint } from '@hello/signals-api/metric'
import type { MetricStore } from './metric-store.ts'
import { increases, isCovered, type Range, timesOf } from './range.ts'

/** The histogram of every service's requests, in seconds. */
export const requestDuration = 'http_server_request_duration_seconds'

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
export function redOf(metrics: MetricStore, service: string, range: Range): RedPoint[] {
  const counts = metrics.series(service, `${requestDuration}_count`)
  const requests = increases(counts, range)
  const answered = (digit: string) =>
    increases(
      counts.filter(({ labels }) => labels.http_response_status_code?.startsWith(digit)),
      range,
    )
  const [refusals, failures] = [answered('4'), answered('5')]
  const covered = isCovered(metrics.scrapes(service), range)
  const byBound = Map.groupBy(metrics.series(service, `${requestDuration}_bucket`), ({ labels }) =>
    bound(labels.le ?? ''),
  )
  const buckets = [...byBound]
    .map(([le, series]) => ({ le, counts: increases(series, range) }))
    .sort((one, other) => one.le - other.le)

  return timesOf(range).map((time, index) => {
    const milliseconds = (quantile: number) => {
      const seconds = histogramQuantile(
        quantile,
        buckets.map(({ le, counts }) => ({ le, count: counts[index]! })),
      )
      return seconds === null ? null : seconds * 1000
    }
    const perSecond = (growth: number[]) =>
      covered[index] ? (growth[index]! * 1000) / (range.window * range.step) : null
    return {
      time,
      rate: perSecond(requests),
      refused: perSecond(refusals),
      errors: perSecond(failures),
      p50: milliseconds(0.5),
      p95: milliseconds(0.95),
      p99: milliseconds(0.99),
    }
  })
}
