import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Whether the services are there, and tell what only their database knows. */
export function serviceAlerts(names: Names, { serviceDown, databaseNotSampled }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  // Every release that Prometheus is to scrape, also without a single pod (its ServiceMonitor makes a pool of targets), and what
  // left not long ago; `up == 0` would miss both. No service is named: a new one has the alert with its chart.
  // PostgreSQL's exporter is no service: nobody misses an answer of it.
  const expected = `(
  group by (app) (label_replace(
    prometheus_target_scrape_pool_targets{scrape_job=~"serviceMonitor/${names.namespace}/.+", scrape_job!~".+/${names.database}/[0-9]+"},
    "app", "$1", "scrape_job", "serviceMonitor/[^/]+/(.+)/[0-9]+"
  ))
  or group by (app) (present_over_time(up{${here}, app!~"|${names.database}"}[${serviceDown.missedFor}]))
)`
  return [
    alertRule(names, {
      name: 'ShopServiceDown',
      severity: 'critical',
      expr: `${expected} unless group by (app) (up{${here}} == 1)`,
      for: serviceDown.for,
      summary: 'No pod of a service answers.',
      description: `No pod of {{ $labels.app }} has answered Prometheus for ${serviceDown.for}.`,
      app: appLabel,
    }),
    // The gauges that a sample sets are missing by then, and alerts on them are silent.
    alertRule(names, {
      name: 'ShopDatabaseNotSampled',
      severity: 'warning',
      expr: `min by (app, sample) (database_sample_age_seconds{${here}}) > ${databaseNotSampled.seconds}`,
      for: databaseNotSampled.for,
      summary: 'No pod of a service can read its gauges from the database.',
      description:
        'No pod of {{ $labels.app }} has read the sample {{ $labels.sample }} for {{ $value | humanizeDuration }}.',
      app: appLabel,
      dashboard: 'telemetry',
    }),
  ]
}
