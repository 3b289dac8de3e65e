import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordingRule } from '../src/alert.ts'
import { objectives } from '../src/objectives.ts'
import { needsSloth, objective, slothRules } from './burn-comparison.ts'
import { needsPromtool, rulesFor } from './promtool.ts'
import { minutes } from './scenario.ts'
import { count, ok, unavailable } from './scenarios/requests.ts'
import { simulate } from './simulation.ts'

/** A tenth of the month, for promtool reads no more than 10,000 samples at once. */
const month = { ...objectives, period: '3d' }
const days = (count: number) => minutes(144 * count)
const interval = 240
const daily = days(1) / interval

/** The rules without the budget's own, which is asked for when it is wanted, for it reads a month. */
function withoutBudget(rules: ReturnType<typeof slothRules>, budget: string, alsoRead: string[]) {
  const recording = rules.filter((rule): rule is RecordingRule => 'record' in rule)
  return {
    rules: recording.filter(({ record }) => alsoRead.includes(record)),
    expr: recording.find(({ record }) => record === budget)!.expr,
  }
}

/**
 * A month and a day: one in a hundred requests fails for a day, for two days nobody comes, for one day there is no series at all,
 * then its counters start anew and nothing fails.
 */
const series = {
  [count('products', ok)]: `0+99x${daily} ${99 * daily}x${2 * daily} _x${daily} 0+100x${28 * daily}`,
  [count('products', unavailable)]: `0+1x${daily} ${daily}x${2 * daily} _x${daily} 0x${28 * daily}`,
}

test(
  'the budget of a month counts events, through days without any, without a series and a restart',
  needsPromtool,
  async () => {
    const own = rulesFor({ alert: 'ShopErrorBudgetNearlySpent', objective }, month).groups[0]!.rules
    const { rules, expr } = withoutBudget(own, 'objective:budget_left:ratio', [
      'objective:budget:ratio',
      'objective:bad:increase5m',
      'objective:events:increase5m',
    ])
    const moments = [0.5, 2.5, 3.5, 15, 29.5, 31].map(days)
    const values = await simulate(
      { rules, interval, series },
      moments.map((at) => ({ expr, at })),
    )
    assert.deepEqual(
      values.map((value) => value?.toFixed(1)),
      // A hundredth of all so far, ten times the budget; then of 12, and of 26.5 days with requests; at last it is a month ago.
      ['-9.0', '-9.0', '-9.0', '0.2', '0.6', '1.0'],
    )
  },
)

test("sloth's is not a number from the first hour without requests on", {
  skip: needsPromtool.skip || needsSloth.skip,
}, async () => {
  const { rules, expr } = withoutBudget(slothRules(), 'slo:sli_error:ratio_rate30d', ['slo:sli_error:ratio_rate5m'])
  const [before, after] = await simulate(
    { rules, interval, series },
    [0.5, 2].map((day) => ({ expr, at: days(day) })),
  )
  assert.ok(Math.abs(before! - 0.01) < 0.001)
  assert.ok(Number.isNaN(after))
})
