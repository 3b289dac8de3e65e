import { findJson, getJson } from '../lib/get-json.ts'
import type { Backend, Span } from './backend.ts'
import { requestDuration } from './topology.ts'

interface JaegerSpan {
  traceID: string
  spanID: string
  operationName: string
  processID: string
  references: { refType: string; traceID: string; spanID: string }[]
  tags: { key: string; value: unknown }[]
}

const HOUR_MS = 3_600_000

/**
 * Jaeger's query API, Prometheus and Loki, with the labels that the cluster's charts give: `namespace="shop"`, and the service's
 * name as `service` of a metric and as `app` of a log stream.
 */
export function createClusterBackend({
  jaeger,
  prometheus,
  loki,
}: Record<'jaeger' | 'prometheus' | 'loki', string>): Backend {
  const selector = (service: string) => `{namespace="shop",service="${service}"}`

  function toSpan(span: JaegerSpan, processes: Record<string, { serviceName: string }>): Span {
    const attributes = Object.fromEntries(span.tags.map(({ key, value }) => [key, value]))
    const parent = span.references.find(({ refType, traceID }) => refType === 'CHILD_OF' && traceID === span.traceID)
    return {
      spanId: span.spanID,
      parentSpanId: parent?.spanID,
      service: processes[span.processID]!.serviceName,
      name: span.operationName,
      kind: String(attributes['span.kind'] ?? 'internal'),
      attributes,
    }
  }

  return {
    async spans(traceId) {
      const answer = await findJson(jaeger, `/api/traces/${traceId}`)
      const [trace] = answer?.data ?? []
      return trace ? trace.spans.map((span: JaegerSpan) => toSpan(span, trace.processes)) : []
    },
    async tracesOfOrder(orderId) {
      const tags = JSON.stringify({ 'order.id': orderId })
      const { data } = await getJson(jaeger, '/api/traces', { service: 'order', tags, lookback: '1h', limit: '20' })
      return data.map(({ traceID }: JaegerSpan) => traceID)
    },
    async logs(service, traceId) {
      const { data } = await getJson(loki, '/loki/api/v1/query_range', {
        query: `{namespace="shop",app="${service}"} |= "${traceId}"`,
        start: String(BigInt(Date.now() - HOUR_MS) * 1_000_000n),
        limit: '1000',
      })
      const lines: string[] = data.result.flatMap(({ values }: { values: [string, string][] }) =>
        values.map(([, line]) => line),
      )
      return lines.map((line) => JSON.parse(line)).filter((line) => line.trace_id === traceId)
    },
    async metric(service, name) {
      const { data } = await getJson(prometheus, '/api/v1/query', { query: name + selector(service) })
      return data.result.map(({ value }: { value: [number, string] }) => Number(value[1]))
    },
    async exemplars(service) {
      const now = Date.now()
      const { data } = await getJson(prometheus, '/api/v1/query_exemplars', {
        query: `${requestDuration}_bucket${selector(service)}`,
        start: new Date(now - HOUR_MS).toISOString(),
        end: new Date(now + 60_000).toISOString(),
      })
      return data.flatMap(({ exemplars }: { exemplars: { labels: { trace_id?: string } }[] }) =>
        exemplars.map(({ labels }) => labels.trace_id),
      )
    },
  }
}
