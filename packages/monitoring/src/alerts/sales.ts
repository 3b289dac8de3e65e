import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** What only the figures of the business show, while every request succeeds. */
export function salesAlerts(names: Names, { ordersStalled, stockOut }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const { share, orders, window, usual, step } = ordersStalled
  const created = `sum(increase(shop_orders_total{${here}, outcome="created"}[${window}]))`
  // The worst of a while, so that the end of a short rush is no stall, and as long ago, so that the stall itself is not yet in it.
  const least = `min_over_time(${created}[${usual}:${step}] offset ${usual})`
  return [
    alertRule(names, {
      name: 'ShopOrdersStalled',
      severity: 'warning',
      expr: `${created} < ${share} * ${least} and ${least} >= ${orders}`,
      for: ordersStalled.for,
      labels: { app: 'order' },
      summary: 'Far fewer orders are created than before.',
      description: `{{ $value | printf "%.0f" }} orders were created in ${window}, far fewer than in any ${window} of the ${usual} that ended ${usual} ago.`,
      app: 'order',
      dashboard: 'business',
    }),
    alertRule(names, {
      name: 'ShopStockOut',
      severity: 'warning',
      expr: `max(shop_products_out_of_stock{${here}}) > 0`,
      for: stockOut.for,
      labels: { app: 'inventory' },
      summary: 'Of a product nothing is left.',
      description: 'Of {{ $value }} products nothing is left; orders of them are rejected.',
      app: 'inventory',
      dashboard: 'business',
    }),
  ]
}
