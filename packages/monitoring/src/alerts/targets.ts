import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Whether Prometheus reaches every pod, and at what cost. */
export function targetAlerts(names: Names, { targets }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const ofApp = `{${here}, app!=""}`
  const { down, missing, large, slow, growth } = targets
  const samples = `scrape_samples_post_metric_relabeling${ofApp}`
  const available = `label_replace(kube_deployment_status_replicas_available{${here}}, "app", "$1", "deployment", "(.+)")`
  const about = { severity: 'warning', app: appLabel, dashboard: 'telemetry' } as const
  return [
    alertRule(names, {
      ...about,
      name: 'ShopTargetDown',
      // The last one is told of by ShopServiceDown.
      expr: `max by (app, pod, job) (up${ofApp}) == 0 and on (app) max by (app) (up${ofApp}) == 1`,
      for: down.for,
      summary: 'A pod of a service does not answer Prometheus, others do.',
      description: '{{ $labels.pod }} of {{ $labels.app }} does not answer Prometheus.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopTargetMissing',
      expr: `max by (app) (${available}) - on (app) count by (app) (group by (app, pod) (up${ofApp})) > 0`,
      for: missing.for,
      summary: 'Prometheus does not know every pod of a service.',
      description: '{{ $value }} pods of {{ $labels.app }} are available and not scraped.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopScrapeTooLarge',
      expr: `max by (app) (${samples}) > ${large.samples}`,
      for: large.for,
      summary: 'A service exposes too many series.',
      description: 'A pod of {{ $labels.app }} exposes {{ $value }} series.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopScrapeSlow',
      expr: `max by (app) (scrape_duration_seconds${ofApp}) > ${slow.seconds}`,
      for: slow.for,
      summary: 'A service takes long to tell its metrics.',
      description: 'A scrape of a pod of {{ $labels.app }} takes {{ $value | humanizeDuration }}.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopSeriesGrowth',
      // Within a pod, so that no rollout counts as growth.
      expr: `max by (app) (${samples} - ${samples} offset ${growth.window}) > ${growth.samples}`,
      for: growth.for,
      summary: 'A service exposes more and more series.',
      description: `A pod of {{ $labels.app }} exposes {{ $value }} series more than ${growth.window} ago.`,
    }),
  ]
}
