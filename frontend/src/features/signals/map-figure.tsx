import type { MapEdge, MapNode } from '@hello/signals-api/service'
import { useMemo, useRef } from 'react'
import { Link } from 'react-router'
import { callUrl } from './edge-table.tsx'
import { layoutColumn, layoutMap, NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, smoothPath } from './map-layout.ts'
import { MapNodeBox } from './map-node.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'
import { useWidth } from './use-width.ts'

/** Smaller than this its words could not be read. */
const SMALLEST_SCALE = 0.9

type Props = {
  nodes: MapNode[]
  edges: MapEdge[]
  minutes: number
  /** The services that do not answer, with the milliseconds since they did. */
  silent: Map<string, number | null>
}

/** Services and databases as boxes, calls as arrows that lead to their traces. */
export function MapFigure({ nodes, edges, minutes, silent }: Props) {
  const { t } = useSignalsLanguage()
  const frame = useRef<HTMLDivElement>(null)
  const room = useWidth(frame)
  const spread = useMemo(() => layoutMap(nodes, edges), [nodes, edges])
  const column = useMemo(() => layoutColumn(spread), [spread])
  const fits = room >= spread.width * SMALLEST_SCALE
  const { width, height, nodes: placed } = fits ? spread : column
  const busiest = Math.max(...edges.map((edge) => edge.rate))
  const paths = fits ? spread.edges.map((edge) => ({ ...edge, path: smoothPath(edge.points) })) : column.edges
  return (
    <figure className="panel map" aria-label={t.mapView.figure}>
      <div ref={frame}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
          <title>{t.mapView.figure}</title>
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0,0 L8,4 L0,8 z" fill="context-stroke" />
            </marker>
          </defs>
          {paths.map((edge) => (
            <EdgeLine
              key={`${edge.source} ${edge.target}`}
              {...edge}
              minutes={minutes}
              thickness={1.25 + 2.5 * (edge.rate / busiest)}
            />
          ))}
          {fits && spread.edges.map((edge) => <EdgeLabel key={`${edge.source} ${edge.target}`} edge={edge} />)}
          {placed.map((node) => (
            <MapNodeBox
              key={node.name}
              node={node}
              left={node.x - NODE_WIDTH / 2}
              top={node.y - NODE_HEIGHT / 2}
              minutes={minutes}
              silence={silent.get(node.name)}
            />
          ))}
        </svg>
      </div>
    </figure>
  )
}

type LineProps = MapEdge & { path: string; minutes: number; thickness: number }

function EdgeLine({ path, minutes, thickness, ...edge }: LineProps) {
  const { t } = useSignalsLanguage()
  return (
    <Link
      to={callUrl(edge, minutes)}
      className="edge-link"
      aria-label={t.mapView.tracesOf(edge.source, edge.target)}
      data-failing={edge.errorRate > 0}
    >
      <path className="edge-room" d={path} />
      <path className="edge" d={path} strokeWidth={thickness} markerEnd="url(#arrow)" />
    </Link>
  )
}

function EdgeLabel({ edge }: { edge: PlacedEdge }) {
  const { t, rate, duration } = useSignalsLanguage()
  const { x, y } = edge.label
  const perSecond = (value: number) => t.metricsView.perSecond(rate(value))
  return (
    <g className="edge-labels">
      <text className="edge-label" x={x} y={y + 4}>
        <tspan className="edge-rate">{perSecond(edge.rate)}</tspan>
        <tspan> · p95 {edge.p95 === null ? '–' : duration(edge.p95)}</tspan>
      </text>
      {edge.errorRate > 0 && (
        <text x={x} y={y + 20} className="edge-label edge-errors">
          {t.mapView.errors} {perSecond(edge.errorRate)}
        </text>
      )}
    </g>
  )
}
