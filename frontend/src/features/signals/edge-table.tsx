import type { MapEdge } from '@hello/signals-api/service'
import { Link } from 'react-router'
import { ServiceMark } from './service-mark.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The traces in which the caller called the callee. */
export const callUrl = ({ source, target }: Pick<MapEdge, 'source' | 'target'>, minutes: number) =>
  `/signals/traces?${new URLSearchParams({ caller: source, callee: target, minutes: String(minutes) })}`

const byNames = (one: MapEdge, other: MapEdge) =>
  one.source.localeCompare(other.source) || one.target.localeCompare(other.target)

/** The calls of the service map in figures, each with the way to its traces. */
export function EdgeTable({ edges, minutes }: { edges: MapEdge[]; minutes: number }) {
  const { t, rate, duration } = useSignalsLanguage()
  return (
    <div className="panel scrolls">
      <table className="edges stacks">
        <thead>
          <tr>
            <th scope="col">{t.mapView.call}</th>
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
              <th scope="row">
                <Link to={callUrl(edge, minutes)} className="edge-names">
                  <ServiceMark service={edge.source} /> → <ServiceMark service={edge.target} />
                </Link>
              </th>
              <td className="number nowrap" data-label={t.mapView.rate}>
                {rate(edge.rate)}
              </td>
              <td className="number nowrap" data-label={t.mapView.errors} data-failing={edge.errorRate > 0}>
                {rate(edge.errorRate)}
              </td>
              <td className="number nowrap" data-label={t.mapView.p95}>
                {edge.p95 === null ? '–' : duration(edge.p95)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
