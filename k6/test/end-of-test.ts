import { optionsOf } from '../lib/options.ts'
import { type ProfileName, profiles, slotsOf } from '../lib/profiles.ts'
import { type EndOfTest, type Summary, summarize } from '../lib/summary.ts'

/** What happened to a group of routes within a slot. */
export interface InSlot {
  requests: number
  failed: number
  ms: number
}

export type Run = Record<'products' | 'inventory' | 'orders', InSlot>[]

export const calm = { requests: 100, failed: 0, ms: 20 }

interface Ending {
  crossed?: string[]
  balance?: boolean
  wrong?: number
}

/** A summary as k6 makes it of a run, with all metrics that have a threshold. */
export function endOfTest(
  name: ProfileName,
  run: Run,
  { crossed = [], balance = true, wrong = 0 }: Ending = {},
): EndOfTest {
  const profile = profiles[name]({ time: 1, rate: 1 })
  const metrics: EndOfTest['metrics'] = {}
  for (const metric of Object.keys(optionsOf(name, profile).thresholds!))
    metrics[metric] = { values: {}, thresholds: { 'as in options': { ok: !crossed.includes(metric) } } }
  const put = (tags: string, { requests, failed, ms }: InSlot) => {
    metrics[`failed{${tags}}`]!.values = { passes: failed, fails: requests - failed }
    metrics[`answer_time{${tags}}`]!.values = { 'p(99)': ms }
  }
  for (const group of ['products', 'inventory', 'orders'] as const) {
    for (const [slot, groups] of run.entries()) put(`objective:${group},slot:${slot}`, groups[group])
    const sum = (of: 'requests' | 'failed') => run.reduce((total, slot) => total + slot[group][of], 0)
    put(`objective:${group}`, {
      requests: sum('requests'),
      failed: sum('failed'),
      ms: Math.max(0, ...run.map((slot) => slot[group].ms)),
    })
  }
  metrics.books_balance!.values = { rate: Number(balance) }
  metrics.units_supplied = { values: { value: 1000 } }
  metrics.units_sold = { values: { value: 30 } }
  metrics.units_left = { values: { value: balance ? 970 : 969 } }
  metrics.checks!.values = { passes: 500, fails: wrong }
  metrics.iterations = { values: { count: 400 } }
  return {
    metrics,
    root_group: { checks: [{ name: 'a total is price x quantity', passes: 500, fails: wrong }] },
    state: { testRunDurationMs: 30_500 },
    setup_data: { startedAt: '2026-11-28T10:00:00.000Z' },
  }
}

export function summaryOf(name: ProfileName, end: EndOfTest): Summary {
  const profile = profiles[name]({ time: 1, rate: 1 })
  return summarize(end, { name, gateway: 'http://localhost:8080', profile, slots: slotsOf(profile) })
}
