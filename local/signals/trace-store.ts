import { failed, httpStatus, type Span } from './span.ts'

export interface TraceLimits {
  /** Most spans kept. */
  maxSpans: number
  /** Most bytes kept, as estimated by `spanBytes`. */
  maxBytes: number
  /** Most spans of one trace; later ones are dropped. */
  maxSpansPerTrace: number
  /** Most bytes of one trace, so that no trace takes the place of most others; later spans are dropped. */
  maxBytesPerTrace: number
}

export interface TraceSummary {
  traceId: string
  /** Whether the root span is here; it may arrive later than others, or never, as when a caller outside began the trace. */
  hasRoot: boolean
  /** Of the root span; without one, of the first SERVER span, or else of the first span. */
  service: string
  /** Of the root span, or of the first SERVER span behind a proxy; null while neither is here. */
  name: string | null
  route: string | null
  statusCode: number | null
  /** Microseconds since the epoch. */
  start: number
  /** Microseconds from the first start to the last end. */
  duration: number
  spanCount: number
  errorCount: number
  /** Spans whose parent is not here: lost, or not arrived yet. */
  orphanCount: number
  services: { service: string; spanCount: number; errorCount: number }[]
  orderIds: string[]
}

export interface TraceFilter {
  service?: string
  /** A template, such as `/products/:id`. */
  route?: string
  status?: 'ok' | 'error'
  /** Microseconds. */
  minDuration?: number
  orderId?: string
  /** Found in names, attribute values and events, whatever the case. */
  text?: string
}

interface Trace {
  spans: Span[]
  bytes: number
  summary: TraceSummary | undefined
}

const stringBytes = (value: unknown) => (typeof value === 'string' ? 24 + value.length : 8)
const attributesBytes = (attributes: Span['attributes']) =>
  Object.entries(attributes).reduce((bytes, [, value]) => bytes + 24 + stringBytes(String(value)), 64)

/** An estimate of what a span costs on the heap, in bytes. Keys are shared between spans and cost a reference. */
export function spanBytes(span: Span): number {
  const nested = [...span.events, ...span.links].reduce(
    (bytes, entry) => bytes + 120 + attributesBytes(entry.attributes),
    0,
  )
  return 400 + stringBytes(span.name) + stringBytes(span.statusMessage) + attributesBytes(span.attributes) + nested
}

/** The first SERVER span that tells what was asked for: a proxy's route, such as `/api/*`, does not. */
function entryOf(byStart: Span[]): Span | undefined {
  const servers = byStart.filter((span) => span.kind === 'server')
  const routed = servers.filter((span) => span.attributes['http.route'])
  return routed.find((span) => !String(span.attributes['http.route']).includes('*')) ?? routed[0] ?? servers[0]
}

function summarize(traceId: string, spans: Span[]): TraceSummary {
  const ids = new Set(spans.map((span) => span.spanId))
  const byStart = spans.toSorted((one, other) => one.start - other.start)
  const root = byStart.find((span) => span.parentSpanId === null)
  const entry = entryOf(byStart) ?? root
  const end = spans.reduce((latest, span) => Math.max(latest, span.start + span.duration), 0)
  const services = new Map<string, TraceSummary['services'][number]>()
  const orderIds = new Set<string>()
  for (const span of byStart) {
    const service = services.get(span.service) ?? { service: span.service, spanCount: 0, errorCount: 0 }
    service.spanCount += 1
    service.errorCount += Number(failed(span))
    services.set(span.service, service)
    const orderId = span.attributes['order.id']
    if (typeof orderId === 'string') orderIds.add(orderId)
  }
  const named = root && root.kind !== 'server' ? root : entry
  const route = entry?.attributes['http.route']
  return {
    traceId,
    hasRoot: root !== undefined,
    service: (root ?? entry ?? byStart[0]!).service,
    name: named?.name ?? null,
    route: typeof route === 'string' ? route : null,
    statusCode: (entry && httpStatus(entry)) ?? null,
    start: byStart[0]!.start,
    duration: end - byStart[0]!.start,
    spanCount: spans.length,
    errorCount: spans.filter(failed).length,
    orphanCount: spans.filter((span) => span.parentSpanId !== null && !ids.has(span.parentSpanId)).length,
    services: [...services.values()],
    orderIds: [...orderIds],
  }
}

function contains(span: Span, text: string): boolean {
  const found = (value: unknown) => String(value).toLowerCase().includes(text)
  return (
    found(span.name) ||
    found(span.statusMessage) ||
    Object.values(span.attributes).some(found) ||
    span.events.some((event) => found(event.name) || Object.values(event.attributes).some(found))
  )
}

/** The traces that arrived last, bounded by spans and by bytes: the trace that began to arrive first goes first. */
export function createTraceStore(limits: TraceLimits) {
  const traces = new Map<string, Trace>()
  const totals = { spans: 0, bytes: 0, evictedTraces: 0, droppedSpans: 0 }

  function evictOldest() {
    const [traceId, trace] = traces.entries().next().value!
    traces.delete(traceId)
    totals.spans -= trace.spans.length
    totals.bytes -= trace.bytes
    totals.evictedTraces += 1
  }

  function add(span: Span) {
    const trace = traces.get(span.traceId) ?? { spans: [], bytes: 0, summary: undefined }
    const bytes = spanBytes(span)
    const isFull = trace.spans.length >= limits.maxSpansPerTrace || trace.bytes + bytes > limits.maxBytesPerTrace
    // Exporters send again what they do not know to have arrived.
    if (isFull || trace.spans.some(({ spanId }) => spanId === span.spanId)) {
      totals.droppedSpans += 1
      return
    }
    traces.set(span.traceId, trace)
    trace.spans.push(span)
    trace.bytes += bytes
    trace.summary = undefined
    totals.spans += 1
    totals.bytes += bytes
    while (totals.spans > limits.maxSpans || totals.bytes > limits.maxBytes) evictOldest()
  }

  function summaryOf(traceId: string, trace: Trace): TraceSummary {
    trace.summary ??= summarize(traceId, trace.spans)
    return trace.summary
  }

  function matches(trace: Trace, summary: TraceSummary, filter: TraceFilter): boolean {
    if (filter.orderId && !summary.orderIds.includes(filter.orderId)) return false
    if (filter.minDuration && summary.duration < filter.minDuration) return false
    if (filter.status && summary.errorCount > 0 !== (filter.status === 'error')) return false
    if (filter.service && !summary.services.some(({ service }) => service === filter.service)) return false
    const { route, service, text } = filter
    const routed = (span: Span) => span.attributes['http.route'] === route && (!service || span.service === service)
    if (route && !trace.spans.some(routed)) return false
    return !text || trace.spans.some((span) => contains(span, text.toLowerCase()))
  }

  return {
    /** Takes spans in any order; spans of one trace may come in many batches. */
    add(spans: Span[]) {
      spans.forEach(add)
    },

    /** The spans of a trace by start, with its summary; undefined when it is not here. */
    get(traceId: string): { summary: TraceSummary; spans: Span[] } | undefined {
      const trace = traces.get(traceId)
      if (!trace) return undefined
      return {
        summary: summaryOf(traceId, trace),
        spans: trace.spans.toSorted((one, other) => one.start - other.start),
      }
    },

    /** The traces that match, the newest start first. `matched` counts them before the limit. */
    list(filter: TraceFilter, limit: number): { traces: TraceSummary[]; matched: number } {
      const found: TraceSummary[] = []
      for (const [traceId, trace] of traces) {
        const summary = summaryOf(traceId, trace)
        if (matches(trace, summary, filter)) found.push(summary)
      }
      found.sort((one, other) => other.start - one.start)
      return { traces: found.slice(0, limit), matched: found.length }
    },

    /** The spans of every trace, grouped by trace. */
    *groups(): Generator<Span[]> {
      for (const { spans } of traces.values()) yield spans
    },

    /** What is kept and what was let go. */
    stats() {
      return { traces: traces.size, ...totals }
    },
  }
}

export type TraceStore = ReturnType<typeof createTraceStore>
