import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Orders that get stuck. */
export function orderAlerts(names: Names, { pendingSeconds, orderPending }: Objectives): AlertRule[] {
  return [
    alertRule(names, {
      name: 'ShopOrderPendingTooLong',
      severity: 'warning',
      expr: `max by (app) (shop_oldest_pending_order_age_seconds{namespace="${names.namespace}"}) > ${pendingSeconds}`,
      for: orderPending.for,
      summary: 'An order has waited for its outcome longer than the recovery should take.',
      description:
        'The oldest pending order is {{ $value | humanizeDuration }} old; the recovery loop settles one within seconds.',
      app: appLabel,
      dashboard: 'orders',
    }),
  ]
}
