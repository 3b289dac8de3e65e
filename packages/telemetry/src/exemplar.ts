import { type Span, TraceFlags, trace } from '@opentelemetry/api'

/**
 * The labels of an exemplar that points to a trace: those of `span`, or of the active span.
 *
 * @returns undefined where there is no span or it is not sampled, because then there is no trace to point to
 */
export function exemplarLabels(span: Span | undefined = trace.getActiveSpan()) {
  const context = span?.spanContext()
  if (!context || (context.traceFlags & TraceFlags.SAMPLED) === 0) return undefined
  return { trace_id: context.traceId, span_id: context.spanId }
}
