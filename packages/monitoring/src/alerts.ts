import { errorRatio } from './queries.ts'
import { dashboards, database, namespace, team } from './shared-names.ts'

/** A rule as Prometheus reads it: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export interface AlertRule {
  alert: string
  expr: string
  for: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

interface Alert {
  name: string
  /** `critical` wakes someone; `warning` waits for office hours. */
  severity: 'critical' | 'warning'
  expr: string
  for: string
  /** Constant, so that it can be the title of a group. */
  summary: string
  /** What exactly, with the alert's labels and value. */
  description: string
}

/** What stands before the name of an alert's runbook; the chart puts its value `runbooks.baseUrl` there. */
export const runbookBase = 'RUNBOOKS'

const alert = ({ name, severity, expr, summary, description, ...rest }: Alert): AlertRule => ({
  alert: name,
  expr,
  for: rest.for,
  labels: { severity, team },
  annotations: {
    summary,
    description,
    runbook_url: `${runbookBase}/${name}.md`,
    dashboard: `/d/${dashboards.microservices.uid}`,
  },
})

/**
 * Every release that Prometheus is to scrape, also without a single pod (its ServiceMonitor makes a pool of targets), and what
 * has left within the last hour; `up == 0` would miss both. No service is named: a new one has the alert with its chart.
 * PostgreSQL's exporter is no service: nobody misses an answer of it.
 */
const expected = `(
  group by (app) (label_replace(
    prometheus_target_scrape_pool_targets{scrape_job=~"serviceMonitor/${namespace}/.+", scrape_job!~".+/${database}/[0-9]+"},
    "app", "$1", "scrape_job", "serviceMonitor/[^/]+/(.+)/[0-9]+"
  ))
  or group by (app) (present_over_time(up{namespace="${namespace}", app!~"|${database}"}[1h]))
)`

const serviceDown = alert({
  name: 'ShopServiceDown',
  severity: 'critical',
  expr: `${expected} unless group by (app) (up{namespace="${namespace}"} == 1)`,
  for: '1m',
  summary: 'No pod of a service answers.',
  description: 'No pod of {{ $labels.app }} has answered Prometheus for a minute.',
})

const highErrorRatio = alert({
  name: 'ShopHighErrorRatio',
  severity: 'critical',
  expr: `${errorRatio('.+', '5m')} > 0.05`,
  for: '2m',
  summary: 'A service answers many requests with 5xx.',
  description:
    '{{ $labels.app }} answered {{ $value | humanizePercentage }} of its requests of the last 5 minutes with 5xx.',
})

const orderPendingTooLong = alert({
  name: 'ShopOrderPendingTooLong',
  severity: 'warning',
  expr: `max by (app) (shop_oldest_pending_order_age_seconds{namespace="${namespace}"}) > 60`,
  for: '1m',
  summary: 'An order has waited for its outcome longer than the recovery should take.',
  description:
    'The oldest pending order is {{ $value | humanizeDuration }} old; the recovery loop settles one within seconds.',
})

/** The gauges that a sample sets are missing by then, and alerts on them are silent. */
const databaseNotSampled = alert({
  name: 'ShopDatabaseNotSampled',
  severity: 'warning',
  expr: `min by (app, sample) (database_sample_age_seconds{namespace="${namespace}"}) > 90`,
  for: '1m',
  summary: 'No pod of a service can read its gauges from the database.',
  description:
    'No pod of {{ $labels.app }} has read the sample {{ $labels.sample }} for {{ $value | humanizeDuration }}.',
})

/** The shop's alerts as the `spec` of a PrometheusRule. */
export const alertRules = {
  groups: [{ name: 'shop', rules: [serviceDown, highErrorRatio, orderPendingTooLong, databaseNotSampled] }],
}
