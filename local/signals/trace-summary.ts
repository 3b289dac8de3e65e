import { failed, httpStatus } from '@hello/otlp/span'
import type { Span } from '@hello/signals-api/span'
import type { TraceSummary } from '@hello/signals-api/trace'

/** The first SERVER span that tells what was asked for: a proxy's route, such as `/api/*`, does not. */
function entryOf(byStart: Span[]): Span | undefined {
  const servers = byStart.filter((span) => span.kind === 'server')
  const routed = servers.filter((span) => span.attributes['http.route'])
  return routed.find((span) => !String(span.attributes['http.route']).includes('*')) ?? routed[0] ?? servers[0]
}

/** What of a trace stands in a list. */
export function summarize(traceId: string, spans: Span[]): TraceSummary {
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
