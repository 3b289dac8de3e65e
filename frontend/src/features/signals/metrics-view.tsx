import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { Chart } from './chart.tsx'
import { DurationChart } from './duration-chart.tsx'
import { ExemplarPoints, slowestOfEach } from './exemplar-points.tsx'
import { useLive } from './live.tsx'
import { Processes } from './processes.tsx'
import { RangeControl } from './range-control.tsx'
import { ServiceMark } from './service-mark.tsx'
import { getMetrics, listServices, type ServiceMetrics, type ServiceState } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

const MOST_POINTS = 50

/** Rate, errors and duration of every service, with the requests behind the figures. */
export function MetricsView() {
  const { refetchInterval } = useLive()
  const [minutes, setMinutes] = useState(5)
  const metrics = useQuery({ ...getMetrics(minutes), refetchInterval })
  const services = useQuery({ ...listServices(), refetchInterval })
  // The launcher names what is called before who calls it.
  const callersFirst = metrics.data?.services.toReversed() ?? []
  return (
    <>
      <Processes />
      <div className="toolbar">
        <RangeControl minutes={minutes} onChange={setMinutes} />
      </div>
      <QueryProblem query={metrics} />
      <div className="service-panels">
        {callersFirst.map((one) => (
          <ServicePanel
            key={one.service}
            metrics={one}
            state={services.data?.find(({ service }) => service === one.service)}
          />
        ))}
      </div>
    </>
  )
}

function ServicePanel({ metrics, state }: { metrics: ServiceMetrics; state: ServiceState | undefined }) {
  const { t, rate, clock } = useSignalsLanguage()
  const { service, points } = metrics
  const length = points.at(-1)!.time - points[0]!.time
  const exemplars = useMemo(() => slowestOfEach(length / MOST_POINTS, metrics.exemplars), [length, metrics.exemplars])
  const times = useMemo(() => points.map(({ time }) => time / 1000), [points])
  const rates = useMemo(
    () =>
      [times, points.map((point) => point.rate), points.map(({ errors }) => errors)] as [number[], number[], number[]],
    [times, points],
  )
  const last = points.at(-1)!
  const perSecond = (value: number) => t.metricsView.perSecond(rate(value))
  const quiet = points.every((point) => point.rate === 0)
  const headingId = `metrics-${service}`
  return (
    <section className="service-panel" aria-labelledby={headingId}>
      <h2 id={headingId}>
        <ServiceMark service={service} />
        {state?.up === false && (
          <span className="badge" data-tone="bad" title={state.error ?? t.metricsView.downHint(service)}>
            {t.metricsView.down}
          </span>
        )}
      </h2>
      {quiet ? (
        <p className="muted">{t.metricsView.noRequests}</p>
      ) : (
        <div className="service-charts">
          <Chart
            label={t.metricsView.chartLabel(
              service,
              `${t.metricsView.requestsChart}. ${clock(last.time)}: ${perSecond(last.rate)}, ${t.metricsView.errors} ${perSecond(last.errors)}`,
            )}
            series={[
              { label: t.metricsView.rate, colour: 'var(--chart-rate)', fill: 'var(--chart-rate-wash)' },
              { label: t.metricsView.errors, colour: 'var(--bad)', fill: 'var(--chart-errors-wash)' },
            ]}
            data={rates}
            format={perSecond}
          />
          <DurationChart service={service} points={points} alsoShow={exemplars.map(({ value }) => value)}>
            {(place) => <ExemplarPoints service={service} exemplars={exemplars} place={place} />}
          </DurationChart>
        </div>
      )}
    </section>
  )
}
