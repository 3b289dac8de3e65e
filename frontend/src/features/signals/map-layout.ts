import { Graph, layout } from '@dagrejs/dagre'
import type { MapEdge, MapNode } from '@hello/signals-api/service'

export const NODE_WIDTH = 176
export const NODE_HEIGHT = 80
const LABEL_WIDTH = 132
const LABEL_HEIGHT = 40

type Point = { x: number; y: number }
export type PlacedNode = MapNode & Point
export type PlacedEdge = MapEdge & { points: Point[]; label: Point }

/** Places callers above whom they call, with room for a label beside every edge. Pixels; nodes and labels by their centre. */
export function layoutMap(nodes: MapNode[], edges: MapEdge[]) {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'TB', ranksep: 24, nodesep: 40, edgesep: 24, marginx: 24, marginy: 8 })
  // By name, so that the picture stays as it is while the figures change.
  for (const { name } of nodes.toSorted((one, other) => one.name.localeCompare(other.name))) {
    graph.setNode(name, { width: NODE_WIDTH, height: NODE_HEIGHT })
  }
  const key = ({ source, target }: MapEdge) => `${source} ${target}`
  for (const { source, target } of edges.toSorted((one, other) => key(one).localeCompare(key(other)))) {
    graph.setEdge(source, target, { width: LABEL_WIDTH, height: LABEL_HEIGHT, labelpos: 'r', labeloffset: 8 })
  }
  layout(graph)
  const { width, height } = graph.graph() as { width: number; height: number }
  const placedEdges = edges.map((edge): PlacedEdge => {
    const { points, x, y } = graph.edge(edge.source, edge.target) as unknown as Point & { points: Point[] }
    return { ...edge, points, label: { x, y } }
  })
  return {
    // dagre's own width leaves out the labels beside the outermost edges.
    width: Math.max(width, ...placedEdges.map(({ label }) => label.x + LABEL_WIDTH / 2)),
    height,
    nodes: nodes.map((node): PlacedNode => ({ ...node, ...(graph.node(node.name) as Point) })),
    edges: placedEdges,
  }
}

/** The end of an edge lies this far from the middle of its node's side, so that what comes and what goes stay apart. */
const ANCHOR = 12

/**
 * The same in one column, for a figure that has no room for more: nodes from the top as in `layoutMap`, edges as arcs at
 * their side, without labels.
 */
export function layoutColumn({ nodes, edges }: { nodes: PlacedNode[]; edges: PlacedEdge[] }) {
  const column = nodes
    .toSorted((one, other) => one.y - other.y || one.x - other.x)
    .map((node, index) => ({ ...node, x: NODE_WIDTH / 2 + 2, y: NODE_HEIGHT / 2 + 2 + index * (NODE_HEIGHT + 16) }))
  const at = new Map(column.map((node, index) => [node.name, { y: node.y, index }]))
  const side = NODE_WIDTH + 4
  const reach = (steps: number) => 24 + 14 * steps
  const arcs = edges.map((edge) => {
    const [source, target] = [at.get(edge.source)!, at.get(edge.target)!]
    const bend = side + (4 / 3) * reach(Math.abs(target.index - source.index))
    const down = target.index > source.index ? 1 : -1
    const [from, to] = [source.y + down * ANCHOR, target.y - down * ANCHOR]
    return { ...edge, path: `M${side},${from} C${bend},${from} ${bend},${to} ${side},${to}` }
  })
  const height = column.length * (NODE_HEIGHT + 16) - 12
  return { width: side + reach(column.length - 1) + 4, height, nodes: column, edges: arcs }
}

/** A smooth SVG path through points: quadratic curves between their midpoints. */
export function smoothPath(points: Point[]): string {
  const [first, ...rest] = points
  const curves = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1]!
    const end = index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q${point.x},${point.y} ${end.x},${end.y}`
  })
  return `M${first!.x},${first!.y} ${curves.join(' ')}`
}
