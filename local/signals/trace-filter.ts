import type { Span } from '@hello/signals-api/span'
import type { TraceColumn, TraceQuery, TraceSummary } from '@hello/signals-api/trace'

export interface TraceFilter extends Pick<TraceQuery, 'service' | 'route' | 'status' | 'orderId' | 'text'> {
  /** Microseconds. */
  minDuration?: number
  /** The trace was under way at or after this time, in microseconds since the epoch. */
  from?: number
  /** The trace started at or before this time, in microseconds since the epoch. */
  to?: number
  /** The ids of the traces to choose from. */
  among?: Set<string>
}

const columns: Record<TraceColumn, (summary: TraceSummary) => number | string | null> = {
  start: ({ start }) => start,
  duration: ({ duration }) => duration,
  spans: ({ spanCount }) => spanCount,
  status: ({ statusCode }) => statusCode,
  service: ({ service }) => service,
  name: ({ name }) => name,
  route: ({ route }) => route,
}

export interface TraceOrder {
  by: TraceColumn
  descending: boolean
}

export const newestFirst: TraceOrder = { by: 'start', descending: true }

function contains(span: Span, text: string): boolean {
  const found = (value: unknown) => String(value).toLowerCase().includes(text)
  return (
    found(span.name) ||
    found(span.statusMessage) ||
    Object.values(span.attributes).some(found) ||
    span.events.some((event) => found(event.name) || Object.values(event.attributes).some(found))
  )
}

function isIn(state: TraceFilter['status'], { errorCount, statusCode, orphanCount, hasRoot }: TraceSummary): boolean {
  const refused = statusCode !== null && statusCode >= 400 && statusCode < 500
  switch (state) {
    case 'ok':
      return errorCount === 0 && !refused
    case 'refused':
      return errorCount === 0 && refused
    case 'error':
      return errorCount > 0
    case 'incomplete':
      return orphanCount > 0 || !hasRoot
    default:
      return true
  }
}

/** Whether a trace is one of those that are looked for: all of the filter must hold. */
export function matches(spans: Span[], summary: TraceSummary, filter: TraceFilter): boolean {
  const { service, route, text, from = 0, to = Number.POSITIVE_INFINITY } = filter
  if (filter.among && !filter.among.has(summary.traceId)) return false
  if (summary.start + summary.duration < from || summary.start > to) return false
  if (filter.orderId && !summary.orderIds.includes(filter.orderId)) return false
  if (filter.minDuration && summary.duration < filter.minDuration) return false
  if (!isIn(filter.status, summary)) return false
  if (service && !summary.services.some((one) => one.service === service)) return false
  const routed = (span: Span) => span.attributes['http.route'] === route && (!service || span.service === service)
  if (route && !spans.some(routed)) return false
  return !text || spans.some((span) => contains(span, text.toLowerCase()))
}

/** Sorts by a column; what has nothing in it comes last either way, and of equals the newest first. */
export function inOrder(summaries: TraceSummary[], { by, descending }: TraceOrder): TraceSummary[] {
  const column = columns[by]
  return summaries.toSorted((one, other) => {
    const [value, otherValue] = [column(one), column(other)]
    const newest = other.start - one.start
    if (value === otherValue) return newest
    if (value === null) return 1
    if (otherValue === null) return -1
    return value < otherValue === descending ? 1 : -1
  })
}
