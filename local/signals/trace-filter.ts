import type { Span } from '@hello/otlp/span'
import type { TraceSummary } from './trace-summary.ts'

/** `refused`: the caller got a 4xx and nothing failed. `incomplete`: a span's parent, or the root span, is not here. */
export const traceStates = ['ok', 'refused', 'error', 'incomplete'] as const

export interface TraceFilter {
  service?: string
  /** A template, such as `/products/:id`. */
  route?: string
  status?: (typeof traceStates)[number]
  /** Microseconds. */
  minDuration?: number
  orderId?: string
  /** Found in names, attribute values and events, whatever the case. */
  text?: string
  /** The trace was under way at or after this time, in microseconds since the epoch. */
  from?: number
  /** The trace started at or before this time, in microseconds since the epoch. */
  to?: number
  /** The ids of the traces to choose from. */
  among?: Set<string>
}

const columns = {
  start: ({ start }) => start,
  duration: ({ duration }) => duration,
  spans: ({ spanCount }) => spanCount,
  status: ({ statusCode }) => statusCode,
  service: ({ service }) => service,
  name: ({ name }) => name,
  route: ({ route }) => route,
} satisfies Record<string, (summary: TraceSummary) => number | string | null>

export const traceColumns = Object.keys(columns) as (keyof typeof columns)[]

export interface TraceOrder {
  by: keyof typeof columns
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
  const column: (summary: TraceSummary) => number | string | null = columns[by]
  return summaries.toSorted((one, other) => {
    const [value, otherValue] = [column(one), column(other)]
    const newest = other.start - one.start
    if (value === otherValue) return newest
    if (value === null) return 1
    if (otherValue === null) return -1
    return value < otherValue === descending ? 1 : -1
  })
}
