import { type Outcome, outcomes, routes } from './names.ts'
import { type Profile, type ProfileName, type Ramp, rateAt, type Slots } from './profiles.ts'
import { type Group, promises } from './promises.ts'

/** What k6 gives to handleSummary, as far as it is read here. */
export interface EndOfTest {
  metrics: Record<string, { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> } | undefined>
  root_group?: { checks?: { name: string; passes: number; fails: number }[] }
  state: { testRunDurationMs: number }
  setup_data?: { startedAt: string }
}

interface Answers {
  requests: number
  failed: number
  /** What the promised share of those that did not fail took at most, in milliseconds. */
  ms: number
}

export interface Summary {
  profile: ProfileName
  judgedBy: Profile['judgedBy']
  gateway: string
  /** Undefined where the run was refused before it began. */
  startedAt?: string
  seconds: number
  objectives: (Answers & { group: Group; limitMs: number; percentile: string; failures: number; kept: boolean })[]
  routes: { name: string; requests: number; median: number; p95: number; p99: number; max: number }[]
  orders: Record<Outcome, number>
  /** In units; `balance` where supplied = sold + left for each product. */
  books: { supplied: number; sold: number; left: number; balance: boolean }
  checks: { passed: number; failed: { name: string; times: number }[] }
  /** Visits that began, and those that k6 could not begin in time. */
  visits: { begun: number; late: number }
  slots: { seconds: number; each: Record<Group, Answers>[] }
  /** Only of a breakpoint. */
  breaks?: Breaks
  passed: boolean
}

export interface AtRate {
  /** Asked for, a second. */
  visits: number
  /** That came of them, a second; undefined where the run ended within the slot. */
  requests?: number
}

/** Where the promises stop to be kept: the last rate at which all were, and the first at which these were not. */
export interface Breaks {
  holds?: AtRate
  at?: AtRate & { broken: { group: Group; why: 'latency' | 'failures'; measured: number }[] }
}

export interface RunOf {
  name: ProfileName
  gateway: string
  profile: Profile
  slots: Slots
}

const groups = promises.map(({ group }) => group)

const value = ({ metrics }: EndOfTest, metric: string, name: string): number => metrics[metric]?.values[name] ?? 0

function answers(end: EndOfTest, percentile: string, tags: string): Answers {
  const failed = value(end, `failed{${tags}}`, 'passes') // of a Rate, what was true
  return {
    requests: failed + value(end, `failed{${tags}}`, 'fails'),
    failed,
    ms: value(end, `answer_time{${tags}}`, percentile),
  }
}

function slotsIn(end: EndOfTest, count: number) {
  const each = Array.from({ length: count }, (_, slot) =>
    Object.fromEntries(
      promises.map(({ group, percentile }) => [group, answers(end, percentile, `objective:${group},slot:${slot}`)]),
    ),
  ) as Record<Group, Answers>[]
  const last = each.findLastIndex((slot) => groups.some((group) => slot[group].requests > 0))
  return each.slice(0, last + 1)
}

function ofWhole(end: EndOfTest) {
  return promises.map(({ group, limitMs, percentile, failures }) => {
    const measured = answers(end, percentile, `objective:${group}`)
    const kept = measured.ms <= limitMs && measured.failed <= failures * measured.requests
    return { group, limitMs, percentile, failures, ...measured, kept }
  })
}

/** @param whole how many of the slots were over when the run ended */
function findBreak(ramp: Ramp, seconds: number, each: Summary['slots']['each'], whole: number): Breaks {
  const atRate = (slot: number): AtRate => ({
    visits: rateAt(ramp, (slot + 0.5) * seconds),
    ...(slot < whole && {
      requests: groups.reduce((sum, group) => sum + each[slot]![group].requests, 0) / seconds,
    }),
  })
  const brokenIn = (slot: Record<Group, Answers>) =>
    promises.flatMap(({ group, limitMs, failures }) => {
      const { requests, failed, ms } = slot[group]
      return [
        ...(ms > limitMs ? [{ group, why: 'latency' as const, measured: ms }] : []),
        ...(failed > failures * requests ? [{ group, why: 'failures' as const, measured: failed / requests }] : []),
      ]
    })
  const first = each.findIndex((slot) => brokenIn(slot).length > 0)
  const holding = (first === -1 ? whole : first) - 1
  return {
    ...(holding >= 0 && { holds: atRate(holding) }),
    ...(first !== -1 && { at: { ...atRate(first), broken: brokenIn(each[first]!) } }),
  }
}

/** What came of a run, in the terms of the shop; no threshold of k6 was crossed where it has passed, but for those that a breakpoint seeks. */
export function summarize(end: EndOfTest, run: RunOf): Summary {
  const { name, gateway, slots } = run
  const { judgedBy, ramp } = run.profile
  const each = slotsIn(end, slots.count)
  const whole = each.length < slots.count ? each.length - 1 : each.length // what ends early ends within a slot
  const isSought = (metric: string) => judgedBy === 'slots' && metric.includes('slot:')
  const crossed = Object.entries(end.metrics).filter(
    ([metric, of]) => !isSought(metric) && Object.values(of?.thresholds ?? {}).some(({ ok }) => !ok),
  )
  const startedAt = end.setup_data?.startedAt
  return {
    profile: name,
    judgedBy,
    gateway,
    ...(startedAt !== undefined && { startedAt }),
    seconds: end.state.testRunDurationMs / 1000,
    objectives: ofWhole(end),
    routes: Object.keys(routes).map((route) => {
      const of = (stat: string) => value(end, `http_req_duration{name:${route}}`, stat)
      return {
        name: route,
        requests: of('count'),
        median: of('med'),
        p95: of('p(95)'),
        p99: of('p(99)'),
        max: of('max'),
      }
    }),
    orders: Object.fromEntries(
      outcomes.map((outcome) => [outcome, value(end, `orders{outcome:${outcome}}`, 'count')]),
    ) as Record<Outcome, number>,
    books: {
      supplied: value(end, 'units_supplied', 'value'),
      sold: value(end, 'units_sold', 'value'),
      left: value(end, 'units_left', 'value'),
      balance: value(end, 'books_balance', 'rate') === 1,
    },
    checks: {
      passed: value(end, 'checks', 'passes'),
      failed: (end.root_group?.checks ?? []).flatMap(({ name, fails }) => (fails > 0 ? [{ name, times: fails }] : [])),
    },
    visits: { begun: value(end, 'iterations', 'count'), late: value(end, 'dropped_iterations', 'count') },
    slots: { seconds: slots.seconds, each: each.slice(0, Math.max(1, whole)) },
    ...(judgedBy === 'slots' && ramp && { breaks: findBreak(ramp, slots.seconds, each, whole) }),
    passed: startedAt !== undefined && each.length > 0 && crossed.length === 0,
  }
}
