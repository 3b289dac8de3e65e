import { errorFields } from '@hello/telemetry/error-fields'
import { type Context, context, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('@hello/service-kit')

const isSampled = (one: Context) => ((trace.getSpanContext(one)?.traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0

function endAll(spans: Span[], error?: Error) {
  for (const span of spans) {
    if (error) {
      span.recordException(errorFields(error))
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end()
  }
}

/**
 * Runs a statement that serves several requests so that the trace of each shows it. One trace gets the span of the statement itself,
 * in a span for the batch that links to the others; each other a span of the same name and time that links to that.
 *
 * Names of the attributes: https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/
 *
 * @param name of the statement
 * @param requests the contexts of those who asked for it
 */
export async function traceBatch<Result>(
  name: string,
  requests: Context[],
  run: () => Promise<Result>,
): Promise<Result> {
  const sampled = requests.filter(isSampled)
  const [first, ...others] = sampled
  if (requests.length === 1 || !first) return context.with(first ?? requests[0]!, run)

  const attributes = { 'db.query.summary': name, 'db.operation.batch.size': requests.length }
  const spans = others.map((other) =>
    tracer.startSpan(
      name,
      {
        kind: SpanKind.CLIENT,
        attributes: { ...attributes, 'db.system.name': 'postgresql' },
      },
      other,
    ),
  )
  const links = spans.map((span) => ({ context: span.spanContext() }))
  const batch = tracer.startSpan('statement batch', { attributes, links }, first)
  for (const span of spans) span.addLink({ context: batch.spanContext() })
  spans.push(batch)
  try {
    const result = await context.with(trace.setSpan(first, batch), run)
    endAll(spans)
    return result
  } catch (error) {
    endAll(spans, error as Error)
    throw error
  }
}
