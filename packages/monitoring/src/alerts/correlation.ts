import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'
import { innerServices } from '../shared-names.ts'

/** Whether what a service tells of a request can be put beside what the others tell of it. */
export function correlationAlerts(names: Names, { traceContext, clock }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const requests = (metric: string) =>
    `sum by (app) (increase(${metric}{${here}, app=~"${innerServices}"}[${traceContext.window}]))`
  const withoutParent = requests('http_server_requests_without_parent_total')
  const all = requests('http_server_request_duration_seconds_count')
  const told = `process_clock_seconds{${here}}`
  const about = { severity: 'warning', app: appLabel, dashboard: 'telemetry' } as const
  return [
    alertRule(names, {
      ...about,
      name: 'ShopTraceContextLost',
      // Of a service that anybody may call, a stranger's request and one that lost its trace look the same.
      expr: `${withoutParent} / (${all} > 0) > ${traceContext.share} and ${withoutParent} >= ${traceContext.minimum}`,
      for: traceContext.for,
      summary: 'Traces begin in the middle: requests come to a service without the trace of their caller.',
      description: '{{ $value | humanizePercentage }} of the requests to {{ $labels.app }} came without a trace.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopClockSkewed',
      // A sample has the time at which its scrape began; a pod that answers late reads its clock as much later.
      expr: `max by (app) (abs(${told} - timestamp(${told})) - scrape_duration_seconds{${here}}) > ${clock.seconds}`,
      for: clock.for,
      summary: "The clock of a service is not Prometheus' clock.",
      description: "The clock of a pod of {{ $labels.app }} is {{ $value | humanizeDuration }} off Prometheus' clock.",
    }),
  ]
}
