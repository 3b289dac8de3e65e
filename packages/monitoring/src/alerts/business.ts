import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** What must never happen, and what must always: the one that pages for it, and the proof that alerts arrive. */
export function businessAlerts(names: Names, { invariant }: Objectives): AlertRule[] {
  return [
    alertRule(names, {
      name: 'ShopStockInvariantViolated',
      severity: 'critical',
      expr: `max(shop_stock_invariant_violations{namespace="${names.namespace}"}) >= ${invariant.products}`,
      for: invariant.for,
      labels: { app: 'inventory' },
      summary: 'Stock and reservations do not add up.',
      description: '{{ $value }} products have another stock than what was set less what is reserved.',
      app: 'inventory',
      dashboard: 'orders',
    }),
    alertRule(names, {
      name: 'ShopDeadMansSwitch',
      severity: 'none',
      expr: 'vector(1)',
      summary: 'Always fires: where it is missing, no alert arrives.',
      description: 'Prometheus evaluates the rules of the shop, and Alertmanager hears of them.',
    }),
  ]
}
