import { type Span, TraceFlags } from '@opentelemetry/api'
import { isKept, keepTrace } from './tail-sampling.ts'

/**
 * Says in an answer which span was made for the request, and whether it is kept:
 * https://w3c.github.io/trace-context/#traceresponse-header
 */
export const traceResponseHeader = 'traceresponse'

/** The header's value, once the answer is about to be sent. */
export function traceResponse(span: Span): string {
  const { traceId, spanId } = span.spanContext()
  return `00-${traceId}-${spanId}-0${isKept(span) ? TraceFlags.SAMPLED : TraceFlags.NONE}`
}

/**
 * Keeps the trace of a call where the callee says that it keeps its part.
 *
 * @param headers of its answer, name and value in turn
 */
export function keepWhatTheCalleeKeeps(span: Span, headers: Buffer[]): void {
  if (isKept(span)) return
  for (let name = 0; name < headers.length; name += 2) {
    if (headers[name]!.length !== traceResponseHeader.length) continue
    if (headers[name]!.toString('latin1').toLowerCase() !== traceResponseHeader) continue
    if (/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]$/.test(headers[name + 1]!.toString('latin1'))) keepTrace(span)
  }
}
