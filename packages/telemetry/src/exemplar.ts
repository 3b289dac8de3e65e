import { type Span, TraceFlags, trace } from '@opentelemetry/api'

const none: Record<string, string> = Object.freeze({})

/**
 * The labels of an exemplar that points to a trace: those of `span`, or of the active span. Empty where there is no span or
 * it is not sampled, because then there is no trace to point to.
 */
export function exemplarLabels(span: Span | undefined = trace.getActiveSpan()): Record<string, string> {
  const context = span?.spanContext()
  if (!context || (context.traceFlags & TraceFlags.SAMPLED) === 0) return none
  return { trace_id: context.traceId, span_id: context.spanId }
}
