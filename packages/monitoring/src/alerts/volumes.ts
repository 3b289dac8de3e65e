import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** The room on the shop's volumes, where their driver tells it. */
export function volumeAlerts(names: Names, { volumes }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const available = `kubelet_volume_stats_available_bytes{${here}}`
  const free = `min by (persistentvolumeclaim) (${available} / kubelet_volume_stats_capacity_bytes{${here}})`
  const { fillingUp, nearlyFull } = volumes
  const about = { severity: 'warning', dashboard: 'kubernetes' } as const
  return [
    alertRule(names, {
      ...about,
      name: 'ShopVolumeFillingUp',
      expr: `${free} < ${fillingUp.free} and min by (persistentvolumeclaim) (predict_linear(${available}[${fillingUp.window}], ${fillingUp.withinSeconds})) < 0`,
      for: fillingUp.for,
      summary: 'A volume will be full within days.',
      description: `{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free, and goes on as in the last ${fillingUp.window}.`,
      since: fillingUp.window,
    }),
    alertRule(names, {
      ...about,
      name: 'ShopVolumeNearlyFull',
      expr: `${free} < ${nearlyFull.free}`,
      for: nearlyFull.for,
      summary: 'A volume is nearly full.',
      description: '{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free.',
    }),
  ]
}
