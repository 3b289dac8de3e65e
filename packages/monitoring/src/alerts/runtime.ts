import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Memory and processor of the services' processes. */
export function runtimeAlerts(names: Names, { heap, garbage, processor }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const used = `nodejs_heap_size_used_bytes{${here}}`
  const limit = `nodejs_heap_size_limit_bytes{${here}}`
  return [
    alertRule(names, {
      name: 'ShopHeapGrowth',
      severity: 'warning',
      expr: `max by (app) (predict_linear(${used}[${heap.window}], ${heap.ahead}) / ${limit} > 1 and min_over_time(${used}[${heap.recent}]) / ${limit} > ${heap.share})`,
      for: heap.for,
      summary: 'The heap of a service is going to be full.',
      description: `As the heap of a pod of {{ $labels.app }} grew in ${heap.window}, it will have {{ $value | humanizePercentage }} of its limit in ${heap.ahead / 3600} hours.`,
      app: appLabel,
    }),
    alertRule(names, {
      name: 'ShopGarbageCollection',
      severity: 'warning',
      expr: `max by (app) (sum without (kind) (rate(nodejs_gc_duration_seconds_sum{${here}}[${garbage.window}]))) > ${garbage.share}`,
      for: garbage.for,
      summary: 'A service is busy with its garbage.',
      description: 'A pod of {{ $labels.app }} collects garbage for {{ $value | humanizePercentage }} of the time.',
      app: appLabel,
    }),
    alertRule(names, {
      name: 'ShopCpuBusy',
      severity: 'warning',
      // PostgreSQL's exporter has no event loop: it may use what it is given.
      expr: `max by (app) (rate(process_cpu_seconds_total{${here}, app!="${names.database}"}[${processor.window}])) > ${processor.share}`,
      for: processor.for,
      summary: 'A process of a service has hardly any processor left.',
      description: 'A process of {{ $labels.app }} uses {{ $value | humanizePercentage }} of a core.',
      app: appLabel,
    }),
  ]
}
