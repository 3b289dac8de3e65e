import type { RecordingRule, RuleGroup } from './alert.ts'
import { secondsOf } from './durations.ts'
import type { Names } from './names.ts'
import type { Objectives } from './objectives.ts'
import { orderLate, serviceLevels } from './service-levels.ts'

/** Every window that a burn-rate alert reads. */
export function burnWindows({ burn, fewRequests, recording }: Objectives): string[] {
  const windows = [...burn.page.windows, ...burn.ticket.windows].flatMap(({ long, short }) => [long, short])
  const all = new Set([recording.budget.window, ...windows, fewRequests.window, fewRequests.recent])
  return [...all].toSorted((a, b) => secondsOf(a) - secondsOf(b))
}

/**
 * The recording rules of all objectives: for each window how many events there were and how many of them were bad, and how fast
 * that spends the budget. No ratio is written where there are no events, so that no NaN can spoil a sum over it.
 */
export function burnRateGroups(names: Names, objectives: Objectives): RuleGroup<RecordingRule>[] {
  const { namespace } = names
  const { budget, long: slow } = objectives.recording
  const levels = serviceLevels(names, objectives)
  const labelsOf = ({ objective, kind }: { objective: string; kind: string }) => ({ objective, kind, namespace })
  const events = (window: string): RecordingRule[] => [
    ...levels.flatMap((level) => {
      const labels = labelsOf(level)
      const total = `objective:events:increase${window}`
      const recorded = `sum(${total}{namespace="${namespace}", objective="${level.objective}"})`
      return [
        { record: total, expr: level.total(window), labels },
        { record: `objective:bad:increase${window}`, expr: level.bad(window, recorded), labels },
      ]
    }),
    {
      record: `objective:burn_rate:increase${window}`,
      expr: `objective:bad:increase${window}{namespace="${namespace}"} / (objective:events:increase${window}{namespace="${namespace}"} > 0) / objective:budget:ratio{namespace="${namespace}"}`,
      labels: {},
    },
  ]
  const budgets = levels.map((level) => ({
    record: 'objective:budget:ratio',
    expr: `vector(${objectives.budgets[level.kind]})`,
    labels: labelsOf(level),
  }))
  const late: RecordingRule = {
    record: orderLate,
    expr: `max(shop_oldest_pending_order_age_seconds{namespace="${namespace}"}) > bool ${objectives.pendingSeconds}`,
    labels: { namespace },
  }
  const over = (record: string) =>
    `sum_over_time(${record}{namespace="${namespace}"}[${objectives.period}:${budget.step}])`
  const left: RecordingRule = {
    record: 'objective:budget_left:ratio',
    expr: `1 - ${over(`objective:bad:increase${budget.window}`)} / (${over(`objective:events:increase${budget.window}`)} > 0) / objective:budget:ratio{namespace="${namespace}"}`,
    labels: {},
  }
  const windows = burnWindows(objectives)
  const short = windows.filter((window) => secondsOf(window) < secondsOf(slow.from))
  const long = windows.filter((window) => secondsOf(window) >= secondsOf(slow.from))
  return [
    { name: 'shop-objectives', rules: [...budgets, late, ...short.flatMap(events)] },
    { name: 'shop-objectives-long', interval: slow.interval, rules: [...long.flatMap(events), left] },
  ]
}
