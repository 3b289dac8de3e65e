import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { AlertRule, RecordingRule } from '../src/alert.ts'
import { secondsOf } from '../src/durations.ts'
import { ownNames } from '../src/names.ts'
import { objectives } from '../src/objectives.ts'
import { serviceLevels } from '../src/service-levels.ts'
import { rulesFor, write } from './promtool.ts'
import { counter, hours, minutes } from './scenario.ts'
import { count, ok, unavailable } from './scenarios/requests.ts'
import { firing, type Simulation } from './simulation.ts'

/** For node:test: skips with one line where sloth is missing. */
export const needsSloth = {
  skip: spawnSync('sloth', ['version']).error ? 'sloth is not on PATH (make compare-burn-rates builds it)' : false,
}

type Rules = Simulation['rules']
export type Urgency = 'page' | 'ticket'

export const objective = 'products-availability'
const severities = { page: 'critical', ticket: 'warning' } as const
const budget = objectives.budgets.availability

/** The shop's rules for its alert. */
const shopRules = (urgency: Urgency): Rules =>
  rulesFor({ alert: 'ShopErrorBudgetBurn', severity: severities[urgency], objective }).groups[0]!.rules

/** What sloth makes of the same objective: the same events, the same share, the same period. */
export function slothRules(): Rules {
  const { total, bad } = serviceLevels(ownNames, objectives).find((level) => level.objective === objective)!
  const spec = {
    version: 'prometheus/v1',
    service: 'shop',
    slos: [
      {
        name: objective,
        objective: 100 * (1 - budget),
        sli: { events: { error_query: bad('{{.window}}', total('{{.window}}')), total_query: total('{{.window}}') } },
        alerting: {
          name: 'SlothBurn',
          page_alert: { labels: { severity: severities.page } },
          ticket_alert: { labels: { severity: severities.ticket } },
        },
      },
    ],
  }
  const out = write({})
  execFileSync('sloth', ['generate', '--default-slo-period', objectives.period, '--input', write(spec), '--out', out], {
    stdio: 'ignore',
  })
  return parse(readFileSync(out, 'utf8')).groups.flatMap(({ rules }: { rules: Rules }) => rules)
}

/** Of sloth's rules the alert of an urgency and what it reads. */
function slothAlert(all: Rules, urgency: Urgency): Rules {
  const isAsked = (rule: AlertRule | RecordingRule): rule is AlertRule =>
    'alert' in rule && rule.labels.severity === severities[urgency]
  const alert = all.find(isAsked)!
  return [...all.filter((rule) => 'record' in rule && alert.expr.includes(`${rule.record}{`)), alert]
}

/** Seconds after which an alert fires, and after the last error ends; never when undefined. */
export interface Times {
  fires?: number
  ends?: number
}

/** A line of the comparison: a share of the requests fails for some time, after and before much time in which none does. */
export interface Row {
  share: number
  urgency: Urgency
  /** Seconds between two samples. */
  interval: number
  /** Seconds before, with and after failures. */
  before: number
  failing: number
  after: number
  /** Requests from sample to sample, and how many of them fail. */
  requests: number
  failures: number
}

async function timesOf(rules: Rules, row: Row): Promise<Times> {
  const { urgency, interval, before, failing, after, requests, failures } = row
  const stretches = (failed: number, other: number) =>
    counter([before / interval + 1, other], [failing / interval, failed], [after / interval, other])
  const series = {
    [count('products', ok)]: stretches(requests - failures, requests),
    [count('products', unavailable)]: stretches(failures, 0),
  }
  const until = before + failing + after
  const found = await firing({ rules, interval, series }, severities[urgency], until)
  if (!found) return {}
  if (found.to > until) throw new Error(`${JSON.stringify(row)} still fires at the end: let more time pass after it`)
  if (found.evaluations !== (found.to - found.from) / interval)
    throw new Error(`${JSON.stringify(row)} fires on and off`)
  return { fires: found.from - before, ends: found.to - before - failing }
}

/** The SRE workbook's chapter 5: table 5-8, and of its figures the ticket of 3 in a day. */
const workbook = {
  page: [
    { factor: 14.4, long: '1h', short: '5m' },
    { factor: 6, long: '6h', short: '30m' },
  ],
  ticket: [
    { factor: 3, long: '1d', short: '2h' },
    { factor: 1, long: '3d', short: '6h' },
  ],
}

/** What follows from these windows where as many requests come as there ever do, evaluated all the time. */
export function workbookTimes({ urgency, share, failing }: Row): Times {
  const reached = workbook[urgency]
    .map(({ factor, long, short }) => {
      const part = (factor * budget) / share
      return { fires: secondsOf(long) * part, ends: secondsOf(short) * (1 - part), part }
    })
    .filter(({ fires, part }) => part < 1 && fires < failing)
  if (reached.length === 0) return {}
  return { fires: Math.min(...reached.map(({ fires }) => fires)), ends: Math.max(...reached.map(({ ends }) => ends)) }
}

/**
 * Errors for as long as the slowest alert needs that ever comes. Pages are evaluated every half a minute, tickets every five minutes,
 * for more takes long to simulate. A day more than the longest window shows that a budget which is just kept makes no ticket.
 */
export const rows: Row[] = [0.001, 0.01, 0.1, 1].flatMap((share): Row[] => {
  const requests = { requests: 1000, failures: 1000 * share }
  const long = { page: share === 0.01 ? hours(5) : hours(1), ticket: share > budget ? hours(12) : hours(96) }
  return [
    { share, urgency: 'page', interval: 30, before: hours(6), failing: long.page, after: minutes(35), ...requests },
    { share, urgency: 'ticket', interval: 300, before: hours(72), failing: long.ticket, after: hours(7), ...requests },
  ]
})

export const shopTimes = (row: Row): Promise<Times> => timesOf(shopRules(row.urgency), row)

export const slothTimes = (row: Row): Promise<Times> => timesOf(slothAlert(slothRules(), row.urgency), row)

/** A time as the documents have it, the same in every language. */
function told(seconds: number | undefined): string {
  if (seconds === undefined) return '-'
  const rounded = Math.round(seconds)
  const parts: [number, string][] = [
    [Math.floor(rounded / 3600), 'h'],
    [Math.floor((rounded % 3600) / 60), 'm'],
    [rounded % 60, 's'],
  ]
  return parts.flatMap(([value, unit]) => (value > 0 ? [value + unit] : [])).join(' ')
}

export const header = ['failing', 'severity', 'fires: workbook', 'shop', 'sloth', 'ends: workbook', 'shop', 'sloth']

/** The cells of a line; undefined are those of a side that was not asked. */
export function cells(
  { share, urgency }: Row,
  { workbook, shop, sloth }: { workbook?: Times; shop?: Times; sloth?: Times },
): (string | undefined)[] {
  const columns = (['fires', 'ends'] as const).flatMap((moment) =>
    [workbook, shop, sloth].map((times) => times && told(times[moment])),
  )
  return [`${share * 100} %`, severities[urgency], ...columns]
}
