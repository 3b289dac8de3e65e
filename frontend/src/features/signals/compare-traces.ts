import type { JudgedSpan } from '@hello/signals-api/span'
import { waterfallRows } from './waterfall-rows.ts'

/** The spans of one trace at one place of the tree: those of the same service and name below the same parents. */
export type Side = {
  count: number
  failed: number
  /** Microseconds from the start of the trace to the first of them. */
  offset: number
  /** Microseconds, of all of them together. */
  duration: number
}

export type ComparedRow = {
  /** Names the place in the tree. */
  path: string
  depth: number
  service: string
  name: string
  first: Side | null
  second: Side | null
}

type Place = ComparedRow & { children: Map<string, Place> }

const placeOf = (path: string, depth: number, service: string, name: string): Place => ({
  ...{ path, depth, service, name, first: null, second: null },
  children: new Map(),
})

function add(root: Place, which: 'first' | 'second', spans: JudgedSpan[]) {
  const start = Math.min(...spans.map((span) => span.start))
  const parents: Place[] = [root]
  for (const { depth, span } of waterfallRows(spans, [])) {
    if (!span) continue
    const parent = parents[depth]!
    const key = `${span.service} ${span.name}`
    const place = parent.children.get(key) ?? placeOf(`${parent.path}\n${key}`, depth, span.service, span.name)
    parent.children.set(key, place)
    parents[depth + 1] = place
    const side = place[which] ?? { count: 0, failed: 0, offset: span.start - start, duration: 0 }
    side.count += 1
    side.failed += Number(span.failed)
    side.duration += span.duration
    place[which] = side
  }
}

/**
 * The spans of two traces side by side, as one tree by start: what is at the same place in both stands in one row.
 */
export function compareTraces(first: JudgedSpan[], second: JudgedSpan[]): ComparedRow[] {
  const root = placeOf('', -1, '', '')
  add(root, 'first', first)
  add(root, 'second', second)
  const offset = (place: Place) => (place.first ?? place.second)!.offset
  const latestFirst = (place: Place) => [...place.children.values()].sort((one, other) => offset(other) - offset(one))
  const rows: ComparedRow[] = []
  const open = latestFirst(root)
  while (open.length > 0) {
    const place = open.pop()!
    const { children: _, ...row } = place
    rows.push(row)
    open.push(...latestFirst(place))
  }
  return rows
}
