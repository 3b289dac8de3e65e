import { secondsOf } from '../src/durations.ts'
import { rulesFor } from './promtool.ts'
import { type Scenario, type Silence, silent } from './scenario.ts'

/** What is to be shown of every alert. */
export const proofs = ['fires', 'below', 'resets', 'no traffic', 'missing series'] as const

export type Proof = (typeof proofs)[number]

/** What cannot be shown of an alert, and why. */
export const exceptions: Record<string, Partial<Record<Proof, string>>> = {
  ShopDeadMansSwitch: {
    below: 'it has no threshold',
    resets: 'it always fires: what tells of trouble is its silence',
    'no traffic': 'it always fires',
    'missing series': 'it asks for none',
  },
}

/** What a scenario shows, if it passes. */
export function shownBy({ expect }: Scenario): Proof[] {
  const fired = expect.findIndex(({ fires }) => fires.length > 0)
  const ended = expect.findLastIndex(({ fires, proves }) => fires.length === 0 && !proves) > fired
  const begun: Proof[] = fired < 0 ? [] : ended ? ['fires', 'resets'] : ['fires']
  return [...begun, ...expect.flatMap(({ proves }) => proves ?? [])]
}

const metricOf = (series: string) => series.split('{')[0]!

/** The metrics of which an alert asks by how much they grow; without any, it does not matter to it whether something happens. */
export function countersOf(scenario: Parameters<typeof rulesFor>[0]): string[] {
  const expressions = rulesFor(scenario).groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))
  return expressions.flatMap((expr) => [...expr.matchAll(/\b(?:increase|rate)\((\w+)/g)].map(([, metric]) => metric!))
}

/** The scenario with other series, and silence instead of what fired in it. */
const silenced = (scenario: Scenario, proves: Silence, title: string, series: Record<string, string>): Scenario => ({
  ...scenario,
  title,
  series,
  expect: scenario.expect.filter(({ fires }) => fires.length > 0).map(({ at }) => silent(at, proves)),
})

/** The scenario with counters that stand still; none where no rule asks for a counter. */
export function withoutTraffic(scenario: Scenario): Scenario[] {
  const counters = countersOf(scenario)
  const samples = Math.max(...scenario.expect.map(({ at }) => at)) / secondsOf(scenario.interval)
  const series = Object.entries(scenario.series).map(([name, values]) => [
    name,
    counters.includes(metricOf(name)) ? `7x${samples}` : values,
  ])
  if (counters.length === 0) return []
  return [silenced(scenario, 'no traffic', 'is silent while nothing is counted', Object.fromEntries(series))]
}

/** The scenario without one metric, for each that it has. */
export function withoutSeries(scenario: Scenario): Scenario[] {
  const metrics = new Set(Object.keys(scenario.series).map(metricOf))
  return [...metrics].map((metric) => {
    const series = Object.entries(scenario.series).filter(([name]) => metricOf(name) !== metric)
    return silenced(scenario, 'missing series', `is silent without ${metric}`, Object.fromEntries(series))
  })
}

/**
 * What follows from the first scenario in which an alert fires: silence while nothing is counted, and while a metric is missing.
 * An alert of which scenarios show this otherwise, or of which it cannot be shown, has none.
 */
export function implied(scenarios: Scenario[]): Scenario[] {
  const alerts = [...new Set(scenarios.map(({ alert }) => alert))]
  return alerts.flatMap((alert) => {
    const own = scenarios.filter((scenario) => scenario.alert === alert)
    const first = own.find((scenario) => shownBy(scenario).includes('fires'))
    const shown = [...own.flatMap(shownBy), ...Object.keys(exceptions[alert] ?? {})]
    if (!first) return []
    return [
      ...(shown.includes('no traffic') ? [] : withoutTraffic(first)),
      ...(shown.includes('missing series') ? [] : withoutSeries(first)),
    ]
  })
}
