import type { MapNode } from '@hello/signals-api/service'
import type { Span } from '@hello/signals-api/span'

/** A CLIENT span with whom it called. */
export interface Call {
  span: Span
  target: string
  kind: MapNode['kind']
}

const databases: Record<string, string> = { postgresql: 'PostgreSQL' }

const peerOf = ({ attributes }: Span) =>
  attributes['server.address'] ? `${attributes['server.address']}:${attributes['server.port'] ?? ''}` : 'unknown'

/**
 * Who is called by each CLIENT span: the service of its child, or the database that it names. A call within a service, as
 * from the page to its own server, is left out. A call that found nobody goes to whoever answered at that address before.
 *
 * @param groups the spans, grouped by trace
 */
export function callsOf(groups: Iterable<Span[]>): Call[] {
  const calls: Call[] = []
  const services = new Map<string, string>()
  const unanswered: Span[] = []
  for (const spans of groups) {
    const calledBy = new Map(spans.flatMap((span) => (span.kind === 'server' ? [[span.parentSpanId, span]] : [])))
    for (const span of spans) {
      if (span.kind !== 'client') continue
      const system = span.attributes['db.system.name']
      const answered = calledBy.get(span.spanId)
      if (typeof system === 'string') calls.push({ span, target: databases[system] ?? system, kind: 'database' })
      else if (!answered) unanswered.push(span)
      else {
        services.set(peerOf(span), answered.service)
        if (answered.service !== span.service) calls.push({ span, target: answered.service, kind: 'service' })
      }
    }
  }
  const assumed = unanswered.map((span): Call => {
    const service = services.get(peerOf(span))
    return { span, target: service ?? peerOf(span), kind: service === undefined ? 'external' : 'service' }
  })
  return [...calls, ...assumed]
}

/**
 * The ids of the traces in which `caller` called `callee`, either of them anyone when it is not given.
 *
 * @param from microseconds since the epoch, when the call started at the earliest
 * @param to when it started at the latest
 */
export function tracesWithCall(
  groups: Iterable<Span[]>,
  { caller, callee, from, to }: { caller?: string; callee?: string; from: number; to: number },
): Set<string> {
  const found = callsOf(groups).filter(
    ({ span, target }) =>
      (!caller || span.service === caller) && (!callee || target === callee) && span.start >= from && span.start <= to,
  )
  return new Set(found.map(({ span }) => span.traceId))
}
