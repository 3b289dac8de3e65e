import type { ServiceMetrics } from '@hello/signals-api/metric'
import type { ServiceState } from '@hello/signals-api/service'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type uPlot from 'uplot'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { Chart } from './chart.tsx'
import { DurationChart } from './duration-chart.tsx'
import { ExemplarPoints, slowestOfEach } from './exemplar-points.tsx'
import { useLive } from './live.tsx'
import { Processes } from './processes.tsx'
import { RangeControl } from './range-control.tsx'
import { ServiceCharts } from './service-charts.tsx'
import { ServiceMark } from './service-mark.tsx'
import { getMetrics, listServices } from './signals-api.ts'
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
            asked={services.dataUpdatedAt}
          />
        ))}
      </div>
    </>
  )
}

type PanelProps = {
  metrics: ServiceMetrics
  state: ServiceState | undefined
  /** When the state was asked for, in milliseconds since the epoch. */
  asked: number
}

function ServicePanel({ metrics, state, asked }: PanelProps) {
  const { t, rate, clock } = useSignalsLanguage()
  const { service, points } = metrics
  const length = points.at(-1)!.time - points[0]!.time
  const exemplars = useMemo(() => slowestOfEach(length / MOST_POINTS, metrics.exemplars), [length, metrics.exemplars])
  const times = useMemo(() => points.map(({ time }) => time / 1000), [points])
  const rates = useMemo<uPlot.AlignedData>(
    () => [
      times,
      points.map((point) => point.rate),
      points.map(({ refused }) => refused),
      points.map(({ errors }) => errors),
    ],
    [times, points],
  )
  // What a service that stopped told last stays in sight.
  const latest = Math.max(
    0,
    points.findLastIndex((point) => point.rate !== null),
  )
  const last = points[latest]!
  const perSecond = (value: number) => t.metricsView.perSecond(rate(value))
  const quiet = points.every((point) => !point.rate)
  const headingId = `metrics-${service}`
  return (
    <section className="service-panel" aria-labelledby={headingId} data-down={state?.up === false}>
      <h2 id={headingId}>
        <ServiceMark service={service} />
      </h2>
      {state?.up === false && <Silence state={state} asked={asked} />}
      {quiet ? (
        <p className="muted">{t.metricsView.noRequests}</p>
      ) : (
        <div className="service-charts">
          <Chart
            label={t.metricsView.chartLabel(
              service,
              `${t.metricsView.requestsChart}. ${clock(last.time)}: ${perSecond(last.rate ?? 0)}, ${t.metricsView.errors} ${perSecond(last.errors ?? 0)}`,
            )}
            series={[
              { label: t.metricsView.rate, colour: 'var(--chart-rate)', fill: 'var(--chart-rate-wash)' },
              { label: t.metricsView.refused, colour: 'var(--chart-p95)' },
              { label: t.metricsView.errors, colour: 'var(--bad)', fill: 'var(--chart-errors-wash)' },
            ]}
            data={rates}
            format={perSecond}
            latest={latest}
          />
          <DurationChart
            service={service}
            points={points}
            alsoShow={exemplars.map(({ value }) => value)}
            latest={latest}
          >
            {(place) => <ExemplarPoints service={service} exemplars={exemplars} place={place} />}
          </DurationChart>
        </div>
      )}
      {metrics.charts.length > 0 && (
        <ServiceCharts service={service} times={times} charts={metrics.charts} latest={latest} />
      )}
    </section>
  )
}

/** Says that a service does not answer, and how old its figures are. */
function Silence({ state, asked }: { state: ServiceState; asked: number }) {
  const { t, clock, duration } = useSignalsLanguage()
  const { service, answered, error } = state
  return (
    <p className="silence">
      <span className="badge" data-tone="bad" title={error ?? t.metricsView.downHint(service)}>
        {t.metricsView.down}
      </span>{' '}
      <span className="muted">
        {answered === null
          ? t.metricsView.neverAnswered
          : t.metricsView.asOf(clock(answered), duration(Math.max(0, asked - answered) * 1000))}
      </span>
    </p>
  )
}
