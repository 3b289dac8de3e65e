import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { EdgeTable } from './edge-table.tsx'
import { useLive } from './live.tsx'
import { MapFigure } from './map-figure.tsx'
import { RangeControl } from './range-control.tsx'
import { getMap, listServices } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** Who calls whom, how often, how long it takes and how often it fails. */
export function MapView() {
  const { t } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const [minutes, setMinutes] = useState(5)
  const map = useQuery({ ...getMap(minutes), refetchInterval })
  const services = useQuery({ ...listServices(), refetchInterval })
  const silent = new Map(
    services.data?.flatMap(({ service, up, answered }) =>
      up === false ? [[service, answered === null ? null : services.dataUpdatedAt - answered]] : [],
    ),
  )
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
            <MapFigure {...map.data} minutes={minutes} silent={silent} />
            <EdgeTable edges={map.data.edges} minutes={minutes} />
          </div>
        ))}
    </>
  )
}
