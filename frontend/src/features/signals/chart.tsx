import { type ReactNode, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { resolveColour, useShownTheme } from './chart-colours.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

const FONT = '12px "Geist Variable", system-ui, sans-serif'

export type ChartSeries = {
  label: string
  /** A CSS colour; may name custom properties. */
  colour: string
  fill?: string
  width?: number
}

type Props = {
  /** Says in words what the chart shows. */
  label: string
  /** Stands above the legend. */
  title?: string
  /** Pixels. */
  height?: number
  series: ChartSeries[]
  /** Seconds since the epoch, then the values of each series. */
  data: uPlot.AlignedData
  format: (value: number) => string
  logarithmic?: boolean
  /** The values are 0, 1, 2…, which stand for as many states, and change in steps. */
  states?: number
  /** The point that the legend shows while none is pointed at; the last one when it is not given. */
  latest?: number
  /** Values beside the series that the scale must hold. */
  alsoShow?: number[]
  /** Drawn over the plot; gets pixels for a time in seconds and a value. */
  children?: (place: (time: number, value: number) => { left: number; top: number }) => ReactNode
}

/** The next 1, 3, 10, 30… at or beyond a value, away from 1 or towards it. */
function logStep(value: number, round: (exponent: number) => number): number {
  const half = round(Math.log10(value) * 2 - Number.EPSILON)
  return 10 ** Math.floor(half / 2) * (half % 2 === 0 ? 1 : 3)
}

function logSteps(from: number, to: number): number[] {
  const steps: number[] = []
  for (let decade = 10 ** Math.floor(Math.log10(from)); decade <= to; decade *= 10) steps.push(decade, 3 * decade)
  return steps.filter((step) => step >= from * 0.999 && step <= to * 1.001)
}

/** A time series chart with the values under the pointer, or the last ones, in its legend. */
export function Chart(props: Props) {
  const { label, title, height = 190, series, data, format, logarithmic = false, alsoShow = [], children } = props
  const { states, latest = data[0].length - 1 } = props
  const { clock, language } = useSignalsLanguage()
  const theme = useShownTheme()
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const [, setDrawn] = useState(0)
  const current = useRef({ data, format, alsoShow, clock })
  current.current = { data, format, alsoShow, clock }

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew for another theme or language; data follow below
  useEffect(() => {
    const element = frame.current!
    const colour = (css: string) => resolveColour(element, css)
    const axis = {
      stroke: colour('var(--ink-soft)'),
      font: FONT,
      ticks: { show: false },
      grid: { stroke: colour('var(--line)'), width: 1 },
    }
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { sync: { key: 'signals' }, points: { size: 7 }, drag: { x: false, y: false } },
        padding: [8, 26, 0, 0],
        scales: {
          y: {
            distr: logarithmic ? 3 : 1,
            range: (_, min, max) => {
              if (states) return [-0.2, states - 0.8]
              const values = [min, max, ...current.current.alsoShow].filter((value) => value > 0)
              const [low, high] = [Math.min(...values), Math.max(...values)]
              if (!logarithmic) return [0, Number.isFinite(high) ? high * 1.15 : 1]
              if (!Number.isFinite(high)) return [1, 100]
              const bottom = logStep(low * 0.9, Math.floor)
              return [bottom, Math.max(bottom * 10, logStep(high * 1.1, Math.ceil))]
            },
          },
        },
        axes: [
          {
            ...axis,
            size: 28,
            space: 90,
            values: (_, times) => times.map((time) => current.current.clock(time * 1000)),
          },
          {
            ...axis,
            size: 62,
            values: (_, values) => values.map((value) => current.current.format(value)),
            ...(states && { splits: Array.from({ length: states }, (_, state) => state) }),
            ...(logarithmic && {
              splits: (_: uPlot, __: number, min: number, max: number) => logSteps(min, max),
              filter: (_: uPlot, splits: number[]) => splits,
            }),
          },
        ],
        series: [
          {},
          ...series.map(({ colour: stroke, fill, width = 1.75 }) => ({
            stroke: colour(stroke),
            width,
            ...(states && { paths: uPlot.paths.stepped!({ align: 1 }) }),
            points: { size: 4, space: 12, fill: colour(stroke) },
            ...(fill && { fill: colour(fill) }),
          })),
        ],
        hooks: {
          setCursor: [(self) => setPointed(self.cursor.idx ?? null)],
          draw: [() => setDrawn((count) => count + 1)],
        },
      },
      current.current.data,
      element,
    )
    plot.current = chart
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [theme, language, logarithmic, height, states, series.length])

  useEffect(() => {
    plot.current?.setData(data)
    const canvas = plot.current?.ctx.canvas
    canvas?.setAttribute('role', 'img')
    canvas?.setAttribute('aria-label', label)
  }, [data, label])

  const chart = plot.current
  const shown = pointed ?? latest
  const place = (time: number, value: number) => ({
    left: chart!.valToPos(time, 'x'),
    top: chart!.valToPos(value, 'y'),
  })
  return (
    <figure className="chart">
      {title && <p className="chart-title">{title}</p>}
      <figcaption>
        <ul className="chart-legend">
          {series.map((one, index) => (
            <li key={one.label}>
              <span className="chart-key" style={{ background: one.colour }} aria-hidden="true" />
              {one.label} <strong>{valueAt(data[index + 1], shown, format)}</strong>
            </li>
          ))}
        </ul>
        <span className="chart-time">{pointed !== null && clock(data[0][pointed]! * 1000)}</span>
      </figcaption>
      <div ref={frame} className="chart-frame" style={{ minHeight: height }} />
      {chart && children && createPortal(children(place), chart.over)}
    </figure>
  )
}

function valueAt(values: uPlot.AlignedData[number] | undefined, index: number, format: (value: number) => string) {
  const value = values?.[index]
  return value === null || value === undefined ? '–' : format(value)
}
