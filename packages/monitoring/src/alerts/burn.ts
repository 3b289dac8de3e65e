import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'
import type { Kind } from '../service-levels.ts'
import type { Severity } from '../severity.ts'
import { entryService } from '../shared-names.ts'

const objectiveLabel = '{{ $labels.objective }}'

const texts: Record<Kind, { name: string; app: string; summary: string; what: string }> = {
  availability: {
    name: 'ShopErrorBudgetBurn',
    app: entryService,
    summary: 'So many requests fail that the error budget will not last.',
    what: 'requests fail',
  },
  latency: {
    name: 'ShopLatencyBudgetBurn',
    app: entryService,
    summary: 'So many requests are slow that the latency budget will not last.',
    what: 'requests are slower than promised',
  },
  outcome: {
    name: 'ShopOrderOutcomeBudgetBurn',
    app: 'order',
    summary: 'So many orders fail or stay pending that their budget will not last.',
    what: 'orders fail or stay pending',
  },
  freshness: {
    name: 'ShopOrderFreshnessBudgetBurn',
    app: 'order',
    summary: 'Orders wait for their outcome so long that their budget will not last.',
    what: 'orders wait too long for their outcome',
  },
}

/** The alerts by which an objective that is in danger is told of, fast to a pager or slowly to a ticket. */
export function burnAlerts(names: Names, { burn, fewRequests, budgetLeft, period }: Objectives): AlertRule[] {
  const alerts = (['page', 'ticket'] as const).flatMap((urgency) =>
    (Object.keys(texts) as Kind[]).map((kind) => {
      const { name, app, summary, what } = texts[kind]
      const own = `{namespace="${names.namespace}", kind="${kind}"}`
      const { windows, minimumBad } = burn[urgency]
      const burns = windows.map(
        ({ factor, long, short }) =>
          `(objective:burn_rate:increase${long}${own} > ${factor} and objective:burn_rate:increase${short}${own} > ${factor} and objective:bad:increase${long}${own} >= ${minimumBad})`,
      )
      const severity: Severity = urgency === 'page' ? 'critical' : 'warning'
      return alertRule(names, {
        name,
        severity,
        expr: burns.join(' or '),
        for: burn[urgency].for,
        labels: { app },
        summary,
        description: `{{ $labels.objective }}: ${what}, {{ $value | humanize }} times as many as the objective allows in the long run.`,
        app,
        dashboard: 'slo',
        objective: objectiveLabel,
        since: windows.at(-1)!.long,
      })
    }),
  )
  const { window, recent, below, minimumBad, share } = fewRequests
  const own = `{namespace="${names.namespace}", kind="availability"}`
  return [
    ...alerts,
    alertRule(names, {
      name: 'ShopFewRequestsFail',
      severity: 'critical',
      expr: `objective:bad:increase${window}${own} / (objective:events:increase${window}${own} < ${below} > 0) >= ${share} and objective:bad:increase${window}${own} >= ${minimumBad} and objective:bad:increase${recent}${own} > 0`,
      for: fewRequests.for,
      labels: { app: entryService },
      summary: 'Most of the few requests fail.',
      description:
        '{{ $labels.objective }}: {{ $value | humanizePercentage }} of the few requests of the last hour failed.',
      app: entryService,
      dashboard: 'slo',
      objective: objectiveLabel,
    }),
    alertRule(names, {
      name: 'ShopErrorBudgetNearlySpent',
      severity: 'warning',
      expr: `objective:budget_left:ratio{namespace="${names.namespace}"} < ${budgetLeft}`,
      summary: 'Little is left of an error budget.',
      description: `{{ $labels.objective }}: {{ $value | humanizePercentage }} is left of the budget of ${period}.`,
      dashboard: 'slo',
      objective: objectiveLabel,
      since: period,
    }),
  ]
}
