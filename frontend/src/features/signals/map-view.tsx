import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { useLive } from './live.tsx'
import { layoutMap, NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, type PlacedNode, smoothPath } from './map-layout.ts'
import { RangeControl } from './range-control.tsx'
import { ServiceMark, serviceColour } from './service-mark.tsx'
import { getMap, type MapEdge, type MapNode } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** Who calls whom, how often, how long it takes and how often it fails. */
export function MapView() {
  const { t } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const [minutes, setMinutes] = useState(5)
  const map = useQuery({ ...getMap(minutes), refetchInterval })
  return (
    <>
      <div className="toolbar">
        <RangeControl minutes={minutes} onChange={setMinutes} />
        <p className="muted">{t.mapView.note}</p>
      </div>
      <QueryProblem query={map} />
      {map.data &&
        (map.data.edges.length === 0 ? (
          <div className="empty">
            <p>{t.mapView.empty}</p>
            <p>{t.mapView.emptyHint}</p>
          </div>
        ) : (
          <div className="map-and-table">
            <MapFigure {...map.data} />
            <EdgeTable edges={map.data.edges} />
          </div>
        ))}
    </>
  )
}

function MapFigure({ nodes, edges }: { nodes: MapNode[]; edges: MapEdge[] }) {
  const { t } = useSignalsLanguage()
  const placed = useMemo(() => layoutMap(nodes, edges), [nodes, edges])
  const busiest = Math.max(...edges.map((edge) => edge.rate))
  return (
    <figure className="panel scrolls map" aria-label={t.mapView.figure}>
      <svg viewBox={`0 0 ${placed.width} ${placed.height}`} width={placed.width} height={placed.height}>
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
        {placed.edges.map((edge) => (
          <path
            key={`${edge.source} ${edge.target}`}
            className="edge"
            data-failing={edge.errorRate > 0}
            d={smoothPath(edge.points)}
            strokeWidth={1.25 + 2.5 * (edge.rate / busiest)}
            markerEnd="url(#arrow)"
          />
        ))}
        {placed.edges.map((edge) => (
          <EdgeLabel key={`${edge.source} ${edge.target}`} edge={edge} />
        ))}
        {placed.nodes.map((node) => (
          <NodeBox key={node.name} node={node} />
        ))}
      </svg>
    </figure>
  )
}

function EdgeLabel({ edge }: { edge: PlacedEdge }) {
  const { t, rate, duration } = useSignalsLanguage()
  const { x, y } = edge.label
  const perSecond = (value: number) => t.metricsView.perSecond(rate(value))
  return (
    <>
      <text className="edge-label" x={x} y={y + 4}>
        <tspan className="edge-rate">{perSecond(edge.rate)}</tspan>
        <tspan> · p95 {edge.p95 === null ? '–' : duration(edge.p95)}</tspan>
      </text>
      {edge.errorRate > 0 && (
        <text x={x} y={y + 20} className="edge-label edge-errors">
          {t.mapView.errors} {perSecond(edge.errorRate)}
        </text>
      )}
    </>
  )
}

function NodeBox({ node }: { node: PlacedNode }) {
  const { t, rate, duration } = useSignalsLanguage()
  const perSecond = (value: number) => t.metricsView.perSecond(rate(value))
  const failing = node.errorRate > 0
  const top = failing ? 25 : 34
  const box = (
    <g transform={`translate(${node.x - NODE_WIDTH / 2} ${node.y - NODE_HEIGHT / 2})`}>
      <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx="14" />
      <circle cx="20" cy={top - 5} r="5" />
      <text x="34" y={top} className="node-name">
        {node.name}{' '}
      </text>
      <text x="20" y={top + 22} className="node-figures">
        {node.kind === 'external'
          ? t.mapView.external
          : `${perSecond(node.rate)}${node.p95 === null ? '' : ` · p95 ${duration(node.p95)}`}`}
      </text>
      {failing && (
        <text x="20" y={top + 41} className="node-errors">
          {' '}
          {t.mapView.errors} {perSecond(node.errorRate)}
        </text>
      )}
    </g>
  )
  return (
    <g className="node" data-kind={node.kind} data-failing={failing} style={serviceColour(node.name)}>
      {node.kind === 'service' ? (
        <Link to={`/signals/traces?service=${encodeURIComponent(node.name)}`}>{box}</Link>
      ) : (
        box
      )}
    </g>
  )
}

const byNames = (one: MapEdge, other: MapEdge) =>
  one.source.localeCompare(other.source) || one.target.localeCompare(other.target)

function EdgeTable({ edges }: { edges: MapEdge[] }) {
  const { t, rate, duration } = useSignalsLanguage()
  return (
    <div className="panel scrolls">
      <table className="edges">
        <thead>
          <tr>
            <th scope="col">{t.mapView.caller}</th>
            <th scope="col">{t.mapView.callee}</th>
            <th scope="col" className="number">
              {t.mapView.rate}
            </th>
            <th scope="col" className="number">
              {t.mapView.errors}
            </th>
            <th scope="col" className="number">
              {t.mapView.p95}
            </th>
          </tr>
        </thead>
        <tbody>
          {edges.toSorted(byNames).map((edge) => (
            <tr key={`${edge.source} ${edge.target}`}>
              <td>
                <ServiceMark service={edge.source} />
              </td>
              <td>
                <ServiceMark service={edge.target} />
              </td>
              <td className="number">{rate(edge.rate)}</td>
              <td className="number" data-failing={edge.errorRate > 0}>
                {rate(edge.errorRate)}
              </td>
              <td className="number nowrap">{edge.p95 === null ? '–' : duration(edge.p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
