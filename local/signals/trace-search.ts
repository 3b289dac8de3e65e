import { failed } from '@hello/otlp/span'
import type { TraceDetail, TraceList, TraceQuery } from '@hello/signals-api/trace'
import { tracesWithCall } from './calls.ts'
import type { LogStore } from './log-store.ts'
import { newestFirst } from './trace-filter.ts'
import type { TraceStore } from './trace-store.ts'

/** Most lines that are shown with a trace. */
const mostLines = 1000

/** The traces that are asked for, by the meaning that the API's fields have. */
export function searchTraces(
  traces: TraceStore,
  {
    limit,
    minDuration = 0,
    minutes,
    caller,
    callee,
    sort = newestFirst.by,
    direction = 'descending',
    ...filter
  }: Partial<TraceQuery> & Pick<TraceQuery, 'limit'>,
): TraceList {
  const from = (minutes === undefined ? (filter.from ?? 0) : Date.now() - minutes * 60_000) * 1000
  const to = (filter.to ?? Number.POSITIVE_INFINITY) * 1000
  const call = { ...(caller && { caller }), ...(callee && { callee }), from, to }
  const among = (caller || callee) && { among: tracesWithCall(traces.groups(), call) }
  return traces.list({ ...filter, from, to, minDuration: minDuration * 1000, ...among }, limit, {
    by: sort,
    descending: direction === 'descending',
  })
}

/** A trace with its log lines; undefined where it is not here. */
export function traceDetail(traces: TraceStore, logs: LogStore, traceId: string): TraceDetail | undefined {
  const trace = traces.get(traceId)
  return (
    trace && {
      summary: trace.summary,
      spans: trace.spans.map((span) => ({ ...span, failed: failed(span) })),
      logs: logs.list({ traceId }, mostLines).lines.reverse(),
    }
  )
}
