import { Graph, layout } from '@dagrejs/dagre'
import type { MapEdge, MapNode } from './signals-api.ts'

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
