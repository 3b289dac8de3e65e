import { type Attributes, type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api'
import type { GivenAlert } from './alertmanager.ts'

const tracer = trace.getTracer('@hello/healer')

/** The span in which an alert was heard of, so that what is done later links to it. */
export const activeContext = (): SpanContext | undefined => trace.getActiveSpan()?.spanContext()

/** How spans name an alert. */
export const alertAttributes = ({ fingerprint, labels }: Pick<GivenAlert, 'fingerprint' | 'labels'>): Attributes => ({
  'alert.fingerprint': fingerprint,
  'alert.name': labels.alertname ?? '',
  ...(labels.app && { 'alert.app': labels.app }),
})

/**
 * Runs one step about an alert in a trace of its own, which links to the request in which Alertmanager told of it: that one was
 * answered long before.
 */
export function traceStep<T>(
  name: 'act on alert' | 'check recovery' | 'page a person',
  alert: Pick<GivenAlert, 'fingerprint' | 'labels'>,
  heardIn: SpanContext | undefined,
  run: (span: Span) => Promise<T>,
): Promise<T> {
  const links = heardIn ? [{ context: heardIn, attributes: alertAttributes(alert) }] : []
  return tracer.startActiveSpan(
    name,
    { kind: SpanKind.INTERNAL, root: true, links, attributes: alertAttributes(alert) },
    async (span) => {
      try {
        return await run(span)
      } finally {
        span.end()
      }
    },
  )
}
