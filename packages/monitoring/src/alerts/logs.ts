import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/**
 * Whether log lines arrive, and how many. Promtail counts what it reads (observability-values/loki-stack.yaml); where nobody does,
 * both are silent.
 */
export function logAlerts(names: Names, { logs }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const { none, burst } = logs
  const written = `promtail_custom_log_lines_total{${here}}`
  const lines = (window: string) => `sum by (app) (increase(${written}[${window}]))`
  const requests = (window: string) =>
    `sum by (app) (increase(http_server_request_duration_seconds_count{${here}}[${window}]))`
  const about = { severity: 'warning', app: appLabel, dashboard: 'telemetry' } as const
  return [
    alertRule(names, {
      ...about,
      name: 'ShopNoLogs',
      // Each request writes a line.
      expr: `${requests(none.window)} >= ${none.requests} unless on (app) ${lines(none.window)} > 0 and on () group(present_over_time(${written}[${none.missedFor}]))`,
      for: none.for,
      summary: 'A service answers requests, and no log line of it arrives.',
      description: `{{ $labels.app }} answered {{ $value | printf "%.0f" }} requests in ${none.window}, of which no line was read.`,
    }),
    alertRule(names, {
      ...about,
      name: 'ShopLogBurst',
      expr: `${lines(burst.window)} >= ${burst.lines} unless on (app) ${lines(burst.window)} <= ${burst.perRequest} * ${requests(burst.window)}`,
      for: burst.for,
      summary: 'A service writes more log lines than its requests explain.',
      description: `{{ $labels.app }} wrote {{ $value | printf "%.0f" }} lines in ${burst.window}.`,
    }),
  ]
}
