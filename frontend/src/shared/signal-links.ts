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
  if (!config?.grafanaUrl) return undefined
  const placed = Date.parse(createdAt)
  const pane = {
    datasource: 'loki',
    queries: [
      { refId: 'A', datasource: { type: 'loki', uid: 'loki' }, expr: `{namespace="shop"} |= ${JSON.stringify(id)}` },
    ],
    range: { from: String(placed - MINUTE_MS), to: String(placed + HOUR_MS) },
  }
  return `${config.grafanaUrl}/explore?${new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ order: pane }) })}`
}
