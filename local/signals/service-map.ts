import { failed, type Span } from './span.ts'

export interface MapNode {
  name: string
  kind: 'service' | 'database' | 'external'
  /** Requests served a second; of a database: calls to it. */
  rate: number
  errorRate: number
  /** Microseconds; null without a request. */
  p95: number | null
}

export interface MapEdge {
  source: string
  target: string
  /** Calls a second. */
  rate: number
  /** Failed calls a second. */
  errorRate: number
  /** Microseconds, as the caller saw it. */
  p95: number | null
}

interface Tally {
  durations: number[]
  errors: number
}

const databases: Record<string, string> = { postgresql: 'PostgreSQL' }

function tally(tallies: Map<string, Tally>, key: string, span: Span) {
  const entry = tallies.get(key) ?? { durations: [], errors: 0 }
  entry.durations.push(span.duration)
  entry.errors += Number(failed(span))
  tallies.set(key, entry)
}

/** The nearest-rank percentile: https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method */
function p95(durations: number[]): number | null {
  const sorted = durations.toSorted((one, other) => one - other)
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null
}

const peerOf = ({ attributes }: Span) =>
  attributes['server.address'] ? `${attributes['server.address']}:${attributes['server.port'] ?? ''}` : undefined

/**
 * Who calls whom, from the spans that started since `since`: a CLIENT span leads from its service to the service of its
 * child, or to the database that it names. A call within a service, as from the page to its own server, is no edge. A call
 * that found nobody goes to whoever answered at that address before.
 *
 * @param since microseconds since the epoch
 * @param seconds that the rates are over
 */
export function serviceMap(
  groups: Iterable<Span[]>,
  since: number,
  seconds: number,
): { nodes: MapNode[]; edges: MapEdge[] } {
  const nodes = new Map<string, Tally>()
  const kinds = new Map<string, MapNode['kind']>()
  const edges = new Map<string, Tally>()
  const peers = new Map<string, string>()
  const unanswered: Span[] = []
  const link = (source: string, target: string, span: Span) => tally(edges, JSON.stringify([source, target]), span)

  for (const spans of groups) {
    const calledBy = new Map(spans.flatMap((span) => (span.kind === 'server' ? [[span.parentSpanId, span]] : [])))
    for (const span of spans) {
      if (span.start < since) continue
      kinds.set(span.service, 'service')
      if (span.kind === 'server') tally(nodes, span.service, span)
      if (span.kind !== 'client') continue
      const system = span.attributes['db.system.name']
      const answered = calledBy.get(span.spanId)
      const peer = peerOf(span)
      if (typeof system === 'string') {
        const database = databases[system] ?? system
        kinds.set(database, 'database')
        tally(nodes, database, span)
        link(span.service, database, span)
      } else if (answered) {
        if (peer) peers.set(peer, answered.service)
        if (answered.service !== span.service) link(span.service, answered.service, span)
      } else unanswered.push(span)
    }
  }
  for (const span of unanswered) {
    const peer = peerOf(span) ?? 'unknown'
    const target = peers.get(peer) ?? peer
    if (!kinds.has(target)) kinds.set(target, 'external')
    link(span.service, target, span)
  }

  const figures = ({ durations, errors }: Tally) => ({
    rate: durations.length / seconds,
    errorRate: errors / seconds,
    p95: p95(durations),
  })
  return {
    nodes: [...kinds].map(([name, kind]) => ({
      name,
      kind,
      ...figures(nodes.get(name) ?? { durations: [], errors: 0 }),
    })),
    edges: [...edges].map(([key, entry]) => {
      const [source, target] = JSON.parse(key) as [string, string]
      return { source, target, ...figures(entry) }
    }),
  }
}
