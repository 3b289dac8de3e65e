import type { MapEdge, MapNode } from '@hello/signals-api/service'
import { expect, test } from 'vitest'
import { layoutColumn, layoutMap, NODE_HEIGHT } from './map-layout.ts'

const node = (name: string): MapNode => ({ name, kind: 'service', rate: 1, errorRate: 0, p95: 1 })
const edge = (source: string, target: string): MapEdge => ({ source, target, rate: 1, errorRate: 0, p95: 1 })
const nodes = ['inventory', 'order', 'gateway', 'PostgreSQL', 'product'].map(node)
const edges = [
  edge('gateway', 'order'),
  edge('gateway', 'product'),
  edge('order', 'inventory'),
  edge('inventory', 'PostgreSQL'),
]

test('in a column callers stand above whom they call, nothing overlaps, and it is narrower than a phone', () => {
  const { width, height, nodes: column, edges: arcs } = layoutColumn(layoutMap(nodes, edges))
  const top = (name: string) => column.find((one) => one.name === name)!.y
  for (const { source, target } of edges) expect(top(source)).toBeLessThan(top(target))
  for (const [index, { y }] of column.slice(1).entries()) expect(y - column[index]!.y).toBeGreaterThan(NODE_HEIGHT)
  expect(Math.max(...column.map(({ y }) => y + NODE_HEIGHT / 2))).toBeLessThanOrEqual(height)
  expect(width).toBeLessThan(320)
  expect(arcs.map(({ source, target }) => [source, target])).toEqual(
    edges.map(({ source, target }) => [source, target]),
  )
})
