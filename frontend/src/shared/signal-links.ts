import type { AppConfig } from './app-config.ts'

type PlacedOrder = { id: string; createdAt: string }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Where a person looks at a trace: the Signals page, else Jaeger; undefined where this installation has neither. */
export function traceUrl(config: AppConfig | undefined, traceId: string): string | undefined {
  if (config?.signals) return `/signals/traces/${traceId}`
  return config?.jaegerUrl ? `${config.jaegerUrl}/trace/${traceId}` : undefined
}

/** Where a person finds the traces of an order, by the attribute `order.id`. */
export function orderTraceUrl(config: AppConfig | undefined, { id, createdAt }: PlacedOrder): string | undefined {
  if (config?.signals) return `/signals?orderId=${encodeURIComponent(id)}`
  if (!config?.jaegerUrl) return undefined
  const placed = Date.parse(createdAt)
  const search = new URLSearchParams({
    service: 'order',
    tags: JSON.stringify({ 'order.id': id }),
    // Jaeger counts microseconds.
    start: String((placed - MINUTE_MS) * 1000),
    end: String((placed + HOUR_MS) * 1000),
    lookback: 'custom',
  })
  return `${config.jaegerUrl}/search?${search}`
}

/** Where a person finds the traces of a service from a moment on. @param from milliseconds since the epoch */
export function serviceTracesUrl(config: AppConfig | undefined, service: string, from: number): string | undefined {
  if (config?.signals) return `/signals/traces?${new URLSearchParams({ service, from: String(from) })}`
  if (!config?.jaegerUrl) return undefined
  const range = { start: String(from * 1000), end: String(Date.now() * 1000), lookback: 'custom' }
  return `${config.jaegerUrl}/search?${new URLSearchParams({ service, ...range })}`
}

/** Where a person finds the log lines about an order: the Signals page, else Loki in Grafana Explore. */
export function orderLogsUrl(config: AppConfig | undefined, { id, createdAt }: PlacedOrder): string | undefined {
  if (config?.signals) return `/signals/logs?orderId=${encodeURIComponent(id)}`
  const placed = Date.parse(createdAt)
  const range = { from: String(placed - MINUTE_MS), to: String(placed + HOUR_MS) }
  return exploreUrl(config, 'loki', `{namespace="shop"} |= ${JSON.stringify(id)}`, range)
}

type Range = { from: string; to: string }

/**
 * Where a person asks Prometheus or Loki: Grafana Explore; undefined where this installation has no Grafana.
 *
 * @param range milliseconds since the epoch, or Grafana's words such as `now`
 */
export function exploreUrl(
  config: AppConfig | undefined,
  datasource: 'prometheus' | 'loki',
  expr: string,
  range: Range,
): string | undefined {
  if (!config?.grafanaUrl) return undefined
  const queries = [{ refId: 'A', datasource: { type: datasource, uid: datasource }, expr }]
  const panes = JSON.stringify({ shown: { datasource, queries, range } })
  return `${config.grafanaUrl}/explore?${new URLSearchParams({ schemaVersion: '1', panes })}`
}

/** A search of Jaeger's. */
type TraceSearch = { service: string; operation?: string; tags?: Record<string, string>; minDuration?: string }

const unitMs: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: MINUTE_MS }

/** @param text a length of time as Jaeger has it, such as 1.5s */
function millisecondsOf(text: string): number {
  const [, amount, unit] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? []
  return Math.round(Number(amount) * (unitMs[unit!] ?? Number.NaN))
}

/**
 * Where a person finds the traces that a search of Jaeger's finds: Jaeger, else the Signals page, which knows no operations and
 * looks for the first tag's value as a text.
 *
 * @param from milliseconds since the epoch
 */
export function foundTracesUrl(
  config: AppConfig | undefined,
  { service, operation, tags = {}, minDuration }: TraceSearch,
  from: number,
): string | undefined {
  if (config?.jaegerUrl) {
    const search = {
      service,
      ...(operation && { operation }),
      ...(Object.keys(tags).length > 0 && { tags: JSON.stringify(tags) }),
      ...(minDuration && { minDuration }),
      ...{ start: String(from * 1000), end: String(Date.now() * 1000), lookback: 'custom' },
    }
    return `${config.jaegerUrl}/search?${new URLSearchParams(search)}`
  }
  if (!config?.signals) return undefined
  const [text] = Object.values(tags)
  const search = {
    ...{ service, from: String(from) },
    ...(minDuration && { minDuration: String(millisecondsOf(minDuration)) }),
    ...(text && { text }),
  }
  return `/signals/traces?${new URLSearchParams(search)}`
}
