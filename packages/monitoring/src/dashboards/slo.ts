import { dashboard } from '../dashboard.ts'
import { logs, runbook, seriesLabel, toDashboard } from '../links.ts'
import { type BurnWindow, objectives } from '../objectives.ts'
import { badFrom, goodFrom, stat, timeSeries } from '../panels.ts'
import { selector } from '../queries.ts'

const own = selector('objective=~"$objective"')
const legend = '{{objective}}'
const errors = logs('Errors in the logs', 'level=~"error|fatal"')
const { page, ticket } = objectives.burn

const burn = ({ factor, long, short }: BurnWindow, what: string) =>
  timeSeries({
    title: `Burn rate over ${long} and ${short}`,
    description: `How many times faster than allowed the budget is spent. ${what} when both windows are above the line.`,
    unit: 'short',
    queries: [long, short].map((window) => ({
      expr: `objective:burn_rate:increase${window}${own}`,
      legend: `${legend} ${window}`,
    })),
    links: [runbook('ShopErrorBudgetBurn'), errors],
    colours: badFrom(factor),
  })

/** What is promised, what is left of the budgets, and how fast they are spent. */
export const slo = dashboard(
  'slo',
  `What is left of the error budgets of ${objectives.period}, and how fast they are spent.`,
  [
    {
      title: 'Budget',
      height: 7,
      panels: [
        stat({
          title: 'Error budget left',
          description: `Share of the budget of ${objectives.period} that is left; below 0 the promise is broken.`,
          unit: 'percentunit',
          queries: [{ expr: `objective:budget_left:ratio${own}`, legend }],
          links: [runbook('ShopErrorBudgetNearlySpent'), toDashboard('slo', { objective: seriesLabel('objective') })],
          colours: goodFrom(objectives.budgetLeft),
        }),
        timeSeries({
          title: 'Error budget left over time',
          description: 'A steep slope is an incident, a gentle one a habit.',
          unit: 'percentunit',
          queries: [{ expr: `objective:budget_left:ratio${own}`, legend }],
          links: [runbook('ShopErrorBudgetNearlySpent'), errors],
          colours: goodFrom(objectives.budgetLeft),
        }),
      ],
    },
    {
      title: 'Burn rates that page',
      height: 8,
      panels: page.windows.map((window) => burn(window, 'It pages')),
    },
    {
      title: 'Burn rates that make a ticket',
      height: 8,
      panels: ticket.windows.map((window) => burn(window, 'It makes a ticket')),
    },
    {
      title: 'Events',
      height: 8,
      panels: [
        timeSeries({
          title: 'Bad events of an hour',
          description: `Fewer than ${page.minimumBad} page nobody: one bad request of few is no outage.`,
          unit: 'short',
          queries: [{ expr: `objective:bad:increase1h${own}`, legend }],
          links: [runbook('ShopErrorBudgetBurn'), errors],
          colours: badFrom(page.minimumBad),
        }),
        timeSeries({
          title: 'Events of an hour',
          description: 'What the objectives are counted over: requests, orders, and for freshness samples.',
          unit: 'short',
          queries: [{ expr: `objective:events:increase1h${own}`, legend }],
          links: [toDashboard('overview'), errors],
        }),
      ],
    },
  ],
)
