import type { Exemplar } from '@hello/signals-api/metric'
import type { Sample } from './openmetrics.ts'

export interface MetricLimits {
  /** Milliseconds that a point stays. */
  retention: number
  /** Most series of one service; further ones are dropped. */
  maxSeries: number
  /** Most exemplars of one service. */
  maxExemplars: number
}

export interface Point {
  /** Milliseconds since the epoch. */
  time: number
  value: number
}

export interface Series {
  name: string
  labels: Record<string, string>
  /** Only where the value changed: it holds from a point until the next. */
  points: Point[]
  /** When it was scraped last. */
  seen: number
}

/** `value` is in the metric's own unit. */
interface ExemplarPoint extends Exemplar {
  metric: string
}

interface ServiceMetrics {
  /** When it was scraped, as far back as points are kept. */
  scrapes: number[]
  series: Map<string, Series>
  exemplars: Map<string, ExemplarPoint>
  droppedSamples: number
}

const seriesKey = ({ name, labels }: Pick<Sample, 'name' | 'labels'>) => `${name} ${JSON.stringify(labels)}`

/** Drops the points before the one that was valid at `oldest`. */
function forget(points: Point[], oldest: number) {
  const kept = points.findLastIndex((point) => point.time <= oldest)
  if (kept > 0) points.splice(0, kept)
}

/** What the scrapes brought, kept for a while. */
export function createMetricStore(limits: MetricLimits) {
  const services = new Map<string, ServiceMetrics>()

  function addExemplar(metrics: ServiceMetrics, sample: Sample, time: number) {
    const { name, labels, exemplar } = sample
    const traceId = exemplar?.labels.trace_id ?? exemplar?.labels.traceId
    if (!exemplar || !traceId) return
    const { le: _, ...seriesLabels } = labels
    const metric = name.replace(/_(bucket|total)$/, '')
    const point = { time: exemplar.time ?? time, value: exemplar.value, metric, traceId, labels: seriesLabels }
    metrics.exemplars.set(`${metric} ${traceId} ${exemplar.value}`, point)
    if (metrics.exemplars.size <= limits.maxExemplars) return
    metrics.exemplars.delete(metrics.exemplars.keys().next().value!)
  }

  function addSample(metrics: ServiceMetrics, sample: Sample, time: number) {
    const key = seriesKey(sample)
    let series = metrics.series.get(key)
    if (!series) {
      if (metrics.series.size >= limits.maxSeries) {
        metrics.droppedSamples += 1
        return
      }
      // A series that was not in the scrape before began at zero; what the first scrape shows was counted before.
      const before = metrics.scrapes.at(-1)
      const began = before === undefined ? [] : [{ time: before, value: 0 }]
      series = { name: sample.name, labels: sample.labels, points: began, seen: time }
      metrics.series.set(key, series)
    }
    series.seen = time
    if (series.points.at(-1)?.value !== sample.value) series.points.push({ time, value: sample.value })
    forget(series.points, time - limits.retention)
  }

  return {
    /** Takes one scrape of a service. */
    add(service: string, samples: Sample[], time: number) {
      const metrics = services.get(service) ?? {
        scrapes: [],
        series: new Map(),
        exemplars: new Map(),
        droppedSamples: 0,
      }
      services.set(service, metrics)
      for (const sample of samples) {
        addSample(metrics, sample, time)
        addExemplar(metrics, sample, time)
      }
      const oldest = time - limits.retention
      metrics.scrapes = [...metrics.scrapes.filter((scrape) => scrape >= oldest), time]
      for (const [key, { seen }] of metrics.series) if (seen < oldest) metrics.series.delete(key)
      for (const [key, exemplar] of metrics.exemplars) if (exemplar.time < oldest) metrics.exemplars.delete(key)
    },

    /** The series of a name, of one service. */
    series(service: string, name: string): Series[] {
      return [...(services.get(service)?.series.values() ?? [])].filter((series) => series.name === name)
    },

    /** When a service was scraped, the oldest first. */
    scrapes(service: string): number[] {
      return services.get(service)?.scrapes ?? []
    },

    /** The names of a service's series, sorted. */
    names(service: string): string[] {
      return [...new Set([...(services.get(service)?.series.values() ?? [])].map(({ name }) => name))].sort()
    },

    /** The exemplars of a metric (its name without `_bucket` and `_total`), the oldest first. */
    exemplars(service: string, metric: string): ExemplarPoint[] {
      return [...(services.get(service)?.exemplars.values() ?? [])]
        .filter((exemplar) => exemplar.metric === metric)
        .sort((one, other) => one.time - other.time)
    },

    /** What is kept and what was let go. */
    stats() {
      const all = [...services.values()]
      return {
        series: all.reduce((count, { series }) => count + series.size, 0),
        droppedSamples: all.reduce((count, metrics) => count + metrics.droppedSamples, 0),
      }
    },
  }
}

export type MetricStore = ReturnType<typeof createMetricStore>
