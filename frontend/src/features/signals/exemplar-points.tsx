import type { Exemplar } from '@hello/signals-api/metric'
import { type KeyboardEvent, useState } from 'react'
import { Link } from 'react-router'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The slowest exemplar of every `length` milliseconds, so that the points can be told apart and hit. */
export function slowestOfEach(length: number, exemplars: Exemplar[]): Exemplar[] {
  const slots = Map.groupBy(exemplars, ({ time }) => Math.floor(time / length))
  return [...slots.values()].map((slot) => slot.reduce((slowest, one) => (one.value > slowest.value ? one : slowest)))
}

type Props = {
  service: string
  exemplars: Exemplar[]
  place: (time: number, value: number) => { left: number; top: number }
}

/** Requests whose trace is known, as links over the chart: one tab stop, arrows move between them. */
export function ExemplarPoints({ service, exemplars, place }: Props) {
  const { t, duration, clock } = useSignalsLanguage()
  const [held, setHeld] = useState<Exemplar>()
  const stop = exemplars.find(({ traceId }) => traceId === held?.traceId) ?? held ?? exemplars.at(-1)
  // One that somebody is about to open stays, also when a slower one has come to stand for its moment.
  const shown = stop && !exemplars.includes(stop) ? [...exemplars, stop].toSorted((a, b) => a.time - b.time) : exemplars

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const points = [...event.currentTarget.querySelectorAll('a')]
    const at = points.indexOf(document.activeElement as HTMLAnchorElement)
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: points.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    points[Math.min(points.length - 1, Math.max(0, to))]?.focus()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of links in a chart is no fieldset
    <div role="group" aria-label={t.metricsView.exemplars(service)} onKeyDown={move}>
      {shown.map((exemplar) => {
        const { time, value, traceId, labels } = exemplar
        const what = `${labels.http_request_method ?? ''} ${labels.http_route ?? service}`.trim()
        const label = t.metricsView.exemplar(duration(value * 1000), clock(time), what)
        return (
          <Link
            key={traceId}
            to={`/signals/traces/${traceId}`}
            className="exemplar"
            data-failed={labels.http_response_status_code?.startsWith('5')}
            style={place(time / 1000, value)}
            tabIndex={exemplar === stop ? 0 : -1}
            aria-label={label}
            title={label}
            onFocus={() => setHeld(exemplar)}
            onBlur={() => setHeld(undefined)}
          />
        )
      })}
    </div>
  )
}
