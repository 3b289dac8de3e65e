import type { ServiceChart } from '@hello/signals-api/metric'
import { useMemo } from 'react'
import type uPlot from 'uplot'
import { Chart } from './chart.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const colours = ['rate', 'p95', 'p50', 'p99'].map((name) => `var(--chart-${name})`)

type Props = {
  service: string
  /** Seconds since the epoch. */
  times: number[]
  charts: ServiceChart[]
  latest: number
}

/** What a service tells beside its requests, as small charts: the business, the pool, the circuit breakers. */
export function ServiceCharts({ service, times, charts, latest }: Props) {
  return (
    <div className="service-extras">
      {charts.map((chart) => (
        <SmallChart key={chart.chart} service={service} times={times} latest={latest} {...chart} />
      ))}
    </div>
  )
}

function SmallChart({ service, times, latest, chart, unit, series }: ServiceChart & Omit<Props, 'charts'>) {
  const { t, figure, rate, money } = useSignalsLanguage()
  const title = t.charts[chart]
  const formats = {
    count: figure,
    perSecond: (value: number) => t.metricsView.perSecond(rate(value)),
    dollarsPerSecond: (value: number) => t.metricsView.perSecondOf(money(value)),
    seconds: (value: number) => `${figure(value)}\u00a0s`,
    breaker: (value: number) => t.breakerStates[Math.round(value)] ?? '',
  }
  const format = formats[unit]
  const data = useMemo<uPlot.AlignedData>(() => [times, ...series.map(({ values }) => values)], [times, series])
  const named = series.map(({ key }, index) => ({
    label: t.chartSeries[key] ?? (series.length === 1 && unit !== 'breaker' ? '' : key),
    colour: colours[index % colours.length]!,
  }))
  const last = series.map(({ values }, index) => {
    const value = values[latest]
    return `${named[index]!.label} ${value === null || value === undefined ? '–' : format(value)}`.trim()
  })
  return (
    <Chart
      label={t.metricsView.chartLabel(service, `${title}: ${last.join(', ')}`)}
      title={title}
      height={110}
      series={named}
      data={data}
      format={format}
      latest={latest}
      {...(unit === 'breaker' && { states: t.breakerStates.length })}
    />
  )
}
