import { errorFields } from '@hello/telemetry/error-fields'
import { context, propagation, ROOT_CONTEXT, type SpanContext, SpanKind, trace } from '@opentelemetry/api'
import type { Order } from './order.ts'

const tracer = trace.getTracer('@hello/order')

/** Puts what an order is about on the active span, so that traces can be found by it. */
export function describeOrder(order: Order) {
  trace.getActiveSpan()?.setAttributes({
    'order.id': order.id,
    'order.status': order.status,
    'order.quantity': order.quantity,
    'order.attempts': order.attempts,
    'product.id': order.productId,
  })
}

/** Marks a step of the order protocol on the active span. */
export function recordStep(step: string, attributes: Record<string, string | number>) {
  trace.getActiveSpan()?.addEvent(step, attributes)
}

/** The active trace as W3C traceparent, to be kept with the order; null where nothing is traced. */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent ?? null
}

function placedIn({ traceparent }: Order): SpanContext | undefined {
  if (traceparent === null) return undefined
  return trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }))
}

/** Runs a recovery in a trace of its own that links to the one in which the order was placed. */
export function traceRecovery(order: Order, recover: () => Promise<Order>): Promise<Order> {
  const origin = placedIn(order)
  return tracer.startActiveSpan(
    'recover order',
    { kind: SpanKind.INTERNAL, root: true, links: origin ? [{ context: origin }] : [] },
    async (span) => {
      try {
        const recovered = await recover()
        describeOrder(recovered)
        return recovered
      } catch (error) {
        span.recordException(errorFields(error))
        throw error
      } finally {
        span.end()
      }
    },
  )
}
