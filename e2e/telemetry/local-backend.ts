import { findJson, getJson } from '../lib/get-json.ts'
import type { Backend, Span } from './backend.ts'

type Line = Record<string, unknown> & { service: string; fields: object }

/** The signals API of `make local`. */
export function createLocalBackend(url: string): Backend {
  const get = (path: string, query?: Record<string, string>) => getJson(url, `/signals/api/${path}`, query)
  return {
    async spans(traceId) {
      const trace = await findJson(url, `/signals/api/traces/${traceId}`)
      return (trace?.spans ?? []).map((span: Span) => ({ ...span, parentSpanId: span.parentSpanId ?? undefined }))
    },
    async tracesOfOrder(orderId) {
      const { traces } = await get('traces', { orderId })
      return traces.map(({ traceId }: { traceId: string }) => traceId)
    },
    async logs(service, traceId) {
      const { lines } = await get('logs', { service, traceId })
      return lines.map(({ fields, traceId: trace_id, spanId: span_id, time, ...line }: Line) => ({
        ...line,
        time: new Date(time as number).toISOString(),
        trace_id,
        span_id,
        ...fields,
      }))
    },
    async metric(service, name) {
      const series = await get('series', { service, name })
      return series.map(({ points }: { points: { value: number }[] }) => points.at(-1)?.value)
    },
    async exemplars(service) {
      const { services } = await get('metrics')
      const found = services.find((metrics: { service: string }) => metrics.service === service)
      return found.exemplars.map(({ traceId }: { traceId: string }) => traceId)
    },
  }
}
