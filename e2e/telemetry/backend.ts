import { createClusterBackend } from './cluster-backend.ts'
import { createLocalBackend } from './local-backend.ts'

export interface Span {
  spanId: string
  parentSpanId: string | undefined
  service: string
  name: string
  /** `server`, `client`, `internal`, ... */
  kind: string
  attributes: Record<string, unknown>
}

/** What keeps the shop's signals. Every call tells what is there now; the tests poll. */
export interface Backend {
  /** The spans of a trace; none while it is unknown. */
  spans(traceId: string): Promise<Span[]>
  /** Ids of the traces that have a span with this `order.id`. */
  tracesOfOrder(orderId: string): Promise<string[]>
  /** The log lines of a service that carry this trace id, as they were written. */
  logs(service: string, traceId: string): Promise<Record<string, unknown>[]>
  /** The present values of a metric of a service. */
  metric(service: string, name: string): Promise<number[]>
  /** The trace ids that the exemplars of `requestDuration` of a service name. */
  exemplars(service: string): Promise<string[]>
}

/** @throws Error unless the environment names one kind of backend */
export function createBackend(): Backend {
  const { SIGNALS_URL, JAEGER_URL, PROMETHEUS_URL, LOKI_URL } = process.env
  if (JAEGER_URL && PROMETHEUS_URL && LOKI_URL) {
    return createClusterBackend({ jaeger: JAEGER_URL, prometheus: PROMETHEUS_URL, loki: LOKI_URL })
  }
  if (SIGNALS_URL) return createLocalBackend(SIGNALS_URL)
  throw new Error(
    'Set SIGNALS_URL (make local: http://127.0.0.1:4319), or JAEGER_URL, PROMETHEUS_URL and LOKI_URL (make up: ports 16686, 9090, 3100 of localhost)',
  )
}
