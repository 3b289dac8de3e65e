import { createLogStore } from '@hello/local/signals/log-store'
import { searchTraces, traceDetail } from '@hello/local/signals/trace-search'
import { createTraceStore } from '@hello/local/signals/trace-store'
import { spansOf } from '@hello/otlp/wire-spans'
import { askForJson } from './ask.ts'
import { prometheusAt } from './prometheus.ts'
import type { LogSearch, Period, Signals, TraceSearch } from './signals.ts'

/** Base URLs, as this machine reaches them. */
export interface Backends {
  prometheus: string
  loki: string
  jaeger: string
}

const namespace = 'shop'
/** So many of the newest are asked for, and of them those chosen that fit. */
const mostTraces = 200
const mostLines = 1000
const unlimited = Number.POSITIVE_INFINITY
const traceLimits = {
  maxSpans: unlimited,
  maxBytes: unlimited,
  maxSpansPerTrace: unlimited,
  maxBytesPerTrace: unlimited,
}
const logLimits = { maxLines: unlimited, maxBytes: unlimited, maxLineLength: unlimited }

/** Of an answer of Loki: times in nanoseconds since 1970, with lines. */
interface Stream {
  stream: Record<string, string>
  values: [string, string][]
}

const allTime = (): Period => ({ from: Date.now() - 24 * 3600_000, to: Date.now() })

/**
 * What a shop in a cluster has told Jaeger, Loki and Prometheus, of either stack. What was found there is searched as the Signals page
 * searches what `make local` has told, so that a lab means the same on both.
 *
 * Jaeger: https://www.jaegertracing.io/docs/latest/architecture/apis/#query-json-over-http
 * Loki: https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time
 */
export function signalsInCluster({ prometheus: prometheusUrl, loki, jaeger }: Backends): Signals {
  const prometheus = prometheusAt(prometheusUrl)

  async function askJaeger(path: string, query: Record<string, string> = {}) {
    const found = await askForJson<{ result: unknown }>(`${jaeger}/api/v3/traces${path}?${new URLSearchParams(query)}`)
    const traces = createTraceStore(traceLimits)
    if (found) traces.add(spansOf(found.result).spans)
    return traces
  }

  async function askLoki(query: string, { from, to }: Period) {
    const within = { start: `${from}000000`, end: `${to}000000` }
    const asked = new URLSearchParams({ query, ...within, limit: String(mostLines), direction: 'backward' })
    const found = await askForJson<{ data: { result: Stream[] } }>(`${loki}/loki/api/v1/query_range?${asked}`)
    const lines = (found?.data.result ?? []).flatMap(({ stream, values }) =>
      values.map(([time, line]) => ({ service: stream.app ?? '', time: BigInt(time), line })),
    )
    const logs = createLogStore(logLimits)
    for (const { service, line } of lines.toSorted((one, other) => (one.time < other.time ? -1 : 1)))
      logs.add(service, line)
    return logs
  }

  return {
    async trace(traceId) {
      if (!/^[0-9a-f]{32}$/.test(traceId)) return undefined
      const [traces, logs] = await Promise.all([
        askJaeger(`/${traceId}`),
        askLoki(`{namespace="${namespace}"} |= "${traceId}"`, allTime()),
      ])
      return traceDetail(traces, logs, traceId)
    },
    async traces({ limit = mostTraces, ...search }: TraceSearch, during) {
      const { service, caller, callee, status, minDuration } = search
      const traces = await askJaeger('', {
        'query.service_name': service ?? caller ?? callee ?? 'gateway',
        'query.start_time_min': new Date(during.from).toISOString(),
        'query.start_time_max': new Date(during.to).toISOString(),
        'query.num_traces': String(mostTraces),
        ...(minDuration !== undefined && { 'query.duration_min': `${minDuration}ms` }),
        ...(status === 'error' && { 'query.attributes': JSON.stringify({ error: 'true' }) }),
      })
      return searchTraces(traces, { ...search, ...during, limit }).traces
    },
    async logs({ limit = mostLines, ...search }: LogSearch, during) {
      const { service, text } = search
      const selector = `{namespace="${namespace}"${service === undefined ? '' : `, app="${service}"`}}`
      const filter =
        text === undefined ? '' : ` |~ ${JSON.stringify(`(?i)${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`)}`
      return (await askLoki(selector + filter, during)).list({ ...search, ...during }, limit).lines
    },
    hadFault: async (name, _services, during) =>
      (await prometheus.rows(`shop_fault_active{namespace="${namespace}", fault="${name}"} > 0`, during)).length > 0,
    prometheus,
  }
}
