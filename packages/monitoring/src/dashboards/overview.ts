import { dashboard } from '../dashboard.ts'
import { errorLogs, ofSeries, runbook, seriesLabel, toDashboard, variable } from '../links.ts'
import { chartNames } from '../names.ts'
import { objectives } from '../objectives.ts'
import { badFrom, goodFrom, logRate, stat, table, timeSeries } from '../panels.ts'
import {
  activeFaults,
  errorRatio,
  healingActions,
  linesByLevel,
  podsUp,
  requestRate,
  responseTime,
  selector,
} from '../queries.ts'

const app = '$service'
const range = '$__rate_interval'
const legend = '{{app}}'
const { page, ticket } = objectives.burn
const toObjective = toDashboard('slo', { objective: seriesLabel('objective') })
const toService = toDashboard('service', { service: seriesLabel('app') })
const alerts = selector('alertstate=~"firing|pending"', 'alertname!="ShopDeadMansSwitch"')

/** The one to open first: whether the promises are kept, what fires, and which service it is. */
export const overview = dashboard(
  'overview',
  'Are the promises kept? What fires? Which service is it, and was it changed?',
  [
    {
      title: 'Promises',
      height: 6,
      panels: [
        stat({
          title: 'Error budget left',
          description: `Share of the budget of ${objectives.period} that is left, by objective.`,
          unit: 'percentunit',
          queries: [{ expr: `objective:budget_left:ratio${selector()}`, legend: '{{objective}}' }],
          links: [toObjective, runbook('ShopErrorBudgetNearlySpent')],
          colours: goodFrom(objectives.budgetLeft),
        }),
        stat({
          title: 'Burn rate of the last hour',
          description:
            'How many times faster than allowed the budgets are spent. Orange makes a ticket if it stays, red pages.',
          unit: 'short',
          queries: [{ expr: `objective:burn_rate:increase1h${selector()}`, legend: '{{objective}}' }],
          links: [toObjective, runbook('ShopErrorBudgetBurn')],
          colours: ['green', ['orange', ticket.windows[0]!.factor], ['red', page.windows[0]!.factor]],
        }),
      ],
    },
    {
      title: 'Alerts and faults',
      height: 6,
      panels: [
        table(
          {
            title: 'Active alerts',
            description: 'What fires or is about to. A name leads to its runbook; nothing here is good news.',
            unit: 'none',
            queries: [{ expr: `ALERTS${alerts}`, legend: '' }],
            links: [{ title: 'Runbook', url: `${chartNames.runbooks}/\${__data.fields.alertname}.md` }],
            filledBy: 'alert',
          },
          ['alertname', 'severity', 'alertstate', 'app', 'objective'],
        ),
        table(
          {
            title: 'Active faults',
            description:
              'What breaks the shop on purpose now, whom, and how strongly; nothing here means that nobody does.',
            unit: 'percentunit',
            queries: [{ expr: activeFaults, legend: '' }],
            links: [toDashboard('service', { service: variable('__data.fields.app') })],
            filledBy: 'fault',
          },
          ['fault', 'app', 'Value'],
        ),
      ],
    },
    {
      title: 'Healer',
      height: 5,
      panels: [
        stat({
          title: 'Healing actions',
          description: 'What the healer did, or in a dry run would have done, in the time shown, and what came of it.',
          unit: 'none',
          queries: [{ expr: healingActions('$__range'), legend: '{{action}}: {{outcome}}' }],
          links: [toDashboard('service', { service: 'healer' })],
          filledBy: 'healer',
        }),
        stat({
          title: 'Alerts given up',
          description: 'Alerts about which the healer paged a person, because no action helped.',
          unit: 'none',
          queries: [{ expr: `max(shop_healer_given_up_alerts${selector()})`, legend: '' }],
          links: [runbook('ShopHealerGaveUp')],
          filledBy: 'healer',
        }),
      ],
    },
    {
      title: 'Requests',
      height: 8,
      panels: [
        timeSeries({
          title: 'Request rate',
          description: 'Requests a second that each service got.',
          unit: 'reqps',
          queries: [{ expr: requestRate(app, range), legend }],
          links: [toService, ...ofSeries],
        }),
        timeSeries({
          title: 'Error ratio',
          description: 'Share of answers that were 5xx; the line is what the objective allows.',
          unit: 'percentunit',
          queries: [{ expr: errorRatio(app, range), legend }],
          links: [toService, ...ofSeries, errorLogs],
          colours: badFrom(objectives.budgets.availability),
        }),
        timeSeries({
          title: 'Response time p99',
          description: '99 of 100 requests took at most this time. A point is one request: click it for its trace.',
          unit: 's',
          queries: [{ expr: responseTime(0.99, app, range), legend }],
          links: [toService, ...ofSeries],
          colours: badFrom(objectives.latencySeconds.orders),
          exemplars: true,
        }),
      ],
    },
    {
      title: 'What runs',
      height: 7,
      panels: [
        stat({
          title: 'Pods',
          description: "Pods of services that answer Prometheus; the database's exporter is none of them.",
          unit: 'none',
          queries: [{ expr: podsUp(app), legend }],
          links: [toService, runbook('ShopServiceDown')],
        }),
        stat({
          title: 'Since the last start',
          description: 'Time since the newest process of a service started: a deployment, a restart or a crash.',
          unit: 's',
          queries: [
            { expr: `time() - max by (app) (process_start_time_seconds${selector('app=~"$service"')})`, legend },
          ],
          links: [toService, ...ofSeries],
        }),
        logRate({
          title: 'Log lines by level',
          description: 'Log lines a second.',
          unit: 'ops',
          queries: [{ expr: linesByLevel(app, '$__auto'), legend: '{{level}}' }],
          links: [errorLogs],
        }),
      ],
    },
  ],
)
