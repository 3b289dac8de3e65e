import type { JudgedSpan } from '@hello/signals-api/span'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DurationChart } from './duration-chart.tsx'
import { useLive } from './live.tsx'
import { getMetrics } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

const MINUTE_MS = 60_000

/** Where a traced request lies among the others that its service answered around that time. */
export function LatencyPoint({ traceId, spans }: { traceId: string; spans: JudgedSpan[] }) {
  const { t, duration, clock } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const [now] = useState(Date.now)
  const recent = spans.length > 0 && now - spans[0]!.start / 1000 < 4 * MINUTE_MS
  const { data } = useQuery({ ...getMetrics(recent ? 5 : 15), refetchInterval })

  const requests = spans.flatMap((span) => {
    const metrics = data?.services.find(({ service }) => service === span.service)
    const end = (span.start + span.duration) / 1000
    if (span.kind !== 'server' || !metrics || end < metrics.points[0]!.time) return []
    const named = metrics.exemplars.some((exemplar) => exemplar.traceId === traceId)
    return [{ service: span.service, points: metrics.points, end, named, milliseconds: span.duration / 1000 }]
  })
  const request = requests.find(({ named }) => named) ?? requests[0]
  if (!request) return null
  const { service, points, end, milliseconds } = request
  const label = t.traceView.thisRequest(duration(milliseconds * 1000), clock(end))
  return (
    <section className="panel latency-point" aria-labelledby="latency-point">
      <h3 id="latency-point">{t.traceView.latencyOf(service)}</h3>
      <DurationChart service={service} points={points} alsoShow={[milliseconds]}>
        {(place) => (
          <span className="this-request" style={place(Math.min(end, points.at(-1)!.time) / 1000, milliseconds)}>
            <span>{label}</span>
          </span>
        )}
      </DurationChart>
    </section>
  )
}
