import type { AlertRule, RuleGroup } from './alert.ts'
import { backupAlerts } from './alerts/backup.ts'
import { burnAlerts } from './alerts/burn.ts'
import { businessAlerts } from './alerts/business.ts'
import { causeAlerts } from './alerts/causes.ts'
import { collectorAlerts } from './alerts/collector.ts'
import { correlationAlerts } from './alerts/correlation.ts'
import { databaseAlerts } from './alerts/database.ts'
import { edgeAlerts } from './alerts/edge.ts'
import { kubernetesAlerts } from './alerts/kubernetes.ts'
import { logAlerts } from './alerts/logs.ts'
import { orderAlerts } from './alerts/orders.ts'
import { postgresLoadAlerts } from './alerts/postgres-load.ts'
import { runtimeAlerts } from './alerts/runtime.ts'
import { salesAlerts } from './alerts/sales.ts'
import { serviceAlerts } from './alerts/services.ts'
import { targetAlerts } from './alerts/targets.ts'
import { volumeAlerts } from './alerts/volumes.ts'
import { burnRateGroups } from './burn-rates.ts'
import type { Names } from './names.ts'
import { type Objectives, objectives } from './objectives.ts'

/** The shop's rules, each file as the `spec` of a PrometheusRule, by its name. */
export function ruleFiles(names: Names, own: Objectives = objectives): Record<string, { groups: RuleGroup[] }> {
  return {
    'shop-objectives': {
      groups: [...burnRateGroups(names, own), { name: 'shop-burn', rules: burnAlerts(names, own) }],
    },
    shop: {
      groups: [
        { name: 'shop', rules: serviceAlerts(names, own) },
        { name: 'shop-orders', rules: orderAlerts(names, own) },
        { name: 'shop-database', rules: [...databaseAlerts(names, own), ...postgresLoadAlerts(names, own)] },
        {
          name: 'shop-causes',
          rules: [...causeAlerts(names, own), ...runtimeAlerts(names, own), ...edgeAlerts(names, own)],
        },
        { name: 'shop-kubernetes', rules: [...kubernetesAlerts(names, own), ...volumeAlerts(names, own)] },
        { name: 'shop-targets', rules: targetAlerts(names, own) },
        { name: 'shop-correlation', rules: correlationAlerts(names, own) },
        { name: 'shop-logs', rules: logAlerts(names, own) },
        { name: 'shop-collector', rules: collectorAlerts(names, own) },
        { name: 'shop-backup', rules: backupAlerts(names, own) },
        { name: 'shop-business', rules: [...businessAlerts(names, own), ...salesAlerts(names, own)] },
      ],
    },
  }
}

/** Every alert of `ruleFiles`. */
export const alertsOf = (files: ReturnType<typeof ruleFiles>): AlertRule[] =>
  Object.values(files)
    .flatMap(({ groups }) => groups)
    .flatMap(({ rules }) => rules)
    .filter((rule) => 'alert' in rule)
