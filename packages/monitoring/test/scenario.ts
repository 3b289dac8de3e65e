import type { Severity } from '../src/severity.ts'

/** What silence shows besides that an alert has not fired yet, or no longer does. */
export type Silence = 'below' | 'no traffic' | 'missing series'

interface Moment {
  /** Seconds after the start. */
  at: number
  /** The labels of what fires then, besides those of the rule; none for silence. */
  fires: Record<string, string>[]
  description?: string
  proves?: Silence
}

/** What Prometheus is to make of some series: which alerts fire when. */
export interface Scenario {
  alert: string
  title: string
  /** Only the rules of this severity are asked; all when undefined. */
  severity?: Severity
  /** Only what is recorded of this objective is kept, which is faster; all when undefined. */
  objective?: string
  /** Whether the series are those that the rules record from requests, which then are not recorded. */
  given?: boolean
  /** Time between two samples, and between two evaluations. */
  interval: string
  series: Record<string, string>
  expect: Moment[]
}

export const minutes = (count: number): number => count * 60
export const hours = (count: number): number => count * 3600

/** Silence, of what has not begun or is over, or that shows what it says. */
export const silent = (at: number, proves?: Silence): Moment => ({ at, fires: [], ...(proves && { proves }) })

/** A counter in promtool's notation, by stretches of [samples, increase a sample]. */
export function counter(...stretches: [number, number][]): string {
  let value = 0
  return stretches
    .map(([samples, step]) => {
      const text = `${value}+${step}x${samples - 1}`
      value += samples * step
      return text
    })
    .join(' ')
}

/** A gauge by stretches of [samples, value]. */
export const gauge = (...stretches: [number, number][]): string =>
  stretches.map(([samples, value]) => `${value}x${samples - 1}`).join(' ')
