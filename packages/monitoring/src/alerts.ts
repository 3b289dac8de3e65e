import { errorRatio } from './queries.ts'
import { dashboards, namespace, services, team } from './shared-names.ts'

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
  labels?: Record<string, string>
  /** Constant, so that it can be the title of a group. */
  summary: string
  /** What exactly, with the alert's labels and value. */
  description: string
}

/** What stands before the name of an alert's runbook; the chart puts its value `runbooks.baseUrl` there. */
export const runbookBase = 'RUNBOOKS'

const alert = ({ name, severity, expr, labels, summary, description, ...rest }: Alert): AlertRule => ({
  alert: name,
  expr,
  for: rest.for,
  labels: { severity, team, ...labels },
  annotations: {
    summary,
    description,
    runbook_url: `${runbookBase}/${name}.md`,
    dashboard: `/d/${dashboards.microservices.uid}`,
  },
})

/** No pod of a service answers: also when the service is gone altogether, which `up == 0` would miss. */
const serviceDown = services.map((service) =>
  alert({
    name: 'ShopServiceDown',
    severity: 'critical',
    expr: `absent(up{namespace="${namespace}", app="${service}"} == 1)`,
    for: '1m',
    labels: { app: service },
    summary: 'No pod of a service answers.',
    description: `No pod of ${service} has answered Prometheus for a minute.`,
  }),
)

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
  groups: [{ name: 'shop', rules: [...serviceDown, highErrorRatio, orderPendingTooLong, databaseNotSampled] }],
}
