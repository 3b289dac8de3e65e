import { failed } from '@hello/otlp/span'
import type { MapNode, ServiceMap } from '@hello/signals-api/service'
import type { Span } from '@hello/signals-api/span'
import { callsOf } from './calls.ts'

interface Tally {
  durations: number[]
  errors: number
}

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

/**
 * Who calls whom, from the spans that started since `since`.
 *
 * @param since microseconds since the epoch
 * @param seconds that the rates are over
 */
export function serviceMap(groups: Span[][], since: number, seconds: number): ServiceMap {
  const nodes = new Map<string, Tally>()
  const kinds = new Map<string, MapNode['kind']>()
  const edges = new Map<string, Tally>()
  for (const span of groups.flat()) {
    if (span.start < since) continue
    kinds.set(span.service, 'service')
    if (span.kind === 'server') tally(nodes, span.service, span)
  }
  for (const { span, target, kind } of callsOf(groups)) {
    if (span.start < since) continue
    if (!kinds.has(target)) kinds.set(target, kind)
    if (kind === 'database') tally(nodes, target, span)
    tally(edges, JSON.stringify([span.service, target]), span)
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
