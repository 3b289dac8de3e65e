import type { Span } from '@hello/signals-api/span'
import type { TraceList, TraceSummary } from '@hello/signals-api/trace'
import { inOrder, matches, newestFirst, type TraceFilter, type TraceOrder } from './trace-filter.ts'
import { summarize } from './trace-summary.ts'

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

interface Trace {
  spans: Span[]
  bytes: number
  summary: TraceSummary | undefined
}

const stringBytes = (value: unknown) => (typeof value === 'string' ? 24 + value.length : 8)

function attributesBytes(attributes: Span['attributes']): number {
  let bytes = 64
  for (const name in attributes) bytes += 24 + stringBytes(String(attributes[name]))
  return bytes
}

/** An estimate of what a span costs on the heap, in bytes. Keys are shared between spans and cost a reference. */
export function spanBytes(span: Span): number {
  const nested = [...span.events, ...span.links].reduce(
    (bytes, entry) => bytes + 120 + attributesBytes(entry.attributes),
    0,
  )
  return 400 + stringBytes(span.name) + stringBytes(span.statusMessage) + attributesBytes(span.attributes) + nested
}

/** The traces that arrived last, bounded by spans and by bytes: the trace that began to arrive first goes first. */
export function createTraceStore(limits: TraceLimits) {
  const traces = new Map<string, Trace>()
  /** Goes on where it stood: one that began anew would pass all places that evicted traces have left. */
  const oldest = traces.entries()
  const totals = { spans: 0, bytes: 0, evictedTraces: 0, droppedSpans: 0 }

  function evictOldest() {
    const [traceId, trace] = oldest.next().value!
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

    /** The traces that match, in the given order. `matched` counts them before the limit. */
    list(filter: TraceFilter, limit: number, order: TraceOrder = newestFirst): TraceList {
      const found: TraceSummary[] = []
      for (const [traceId, trace] of traces) {
        const summary = summaryOf(traceId, trace)
        if (matches(trace.spans, summary, filter)) found.push(summary)
      }
      return { traces: inOrder(found, order).slice(0, limit), matched: found.length }
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
