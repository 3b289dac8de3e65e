import type { RedPoint } from '@hello/signals-api/metric'
import { type ComponentProps, useMemo } from 'react'
import type uPlot from 'uplot'
import { Chart } from './chart.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

type Props = {
  service: string
  points: RedPoint[]
  /** Milliseconds that the scale must hold as well. */
  alsoShow: number[]
  /** The point that the legend shows; the last one when it is not given. */
  latest?: number
  children: NonNullable<ComponentProps<typeof Chart>['children']>
}

/** The percentiles of a service's request durations over time, with single requests drawn over them. */
export function DurationChart({ service, points, alsoShow, latest, children }: Props) {
  const { t, duration } = useSignalsLanguage()
  const data = useMemo<uPlot.AlignedData>(
    () => [
      points.map(({ time }) => time / 1000),
      points.map(({ p50 }) => p50),
      points.map(({ p95 }) => p95),
      points.map(({ p99 }) => p99),
    ],
    [points],
  )
  return (
    <Chart
      label={t.metricsView.chartLabel(service, t.metricsView.durationChart)}
      series={[
        { label: 'p50', colour: 'var(--chart-p50)' },
        { label: 'p95', colour: 'var(--chart-p95)' },
        { label: 'p99', colour: 'var(--chart-p99)' },
      ]}
      data={data}
      format={(milliseconds) => duration(milliseconds * 1000)}
      logarithmic
      {...(latest !== undefined && { latest })}
      alsoShow={alsoShow}
    >
      {children}
    </Chart>
  )
}
