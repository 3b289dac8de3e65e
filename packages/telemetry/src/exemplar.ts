import { type Span, trace } from '@opentelemetry/api'
import { isKept } from './tail-sampling.ts'

const none: Record<string, string> = Object.freeze({})

/**
 * The labels of an exemplar that points to a trace: those of `span`, or of the active span. Empty where there is no span or
 * it is not sampled, because then there is no trace to point to, and where tail sampling has not decided yet to keep it.
 */
export function exemplarLabels(span: Span | undefined = trace.getActiveSpan()): Record<string, string> {
  if (!span || !isKept(span)) return none
  const { traceId, spanId } = span.spanContext()
  return { trace_id: traceId, span_id: spanId }
}
