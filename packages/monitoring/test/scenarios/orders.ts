import { counter, gauge, hours, minutes, type Scenario, silent } from '../scenario.ts'
import { duration, ok } from './requests.ts'

const from = hours(7)
const placed = `${duration}_count{namespace="shop", app="order", http_route="/orders", http_request_method="POST", ${ok}}`

export const orderBurnScenarios: Scenario[] = [
  {
    alert: 'ShopOrderOutcomeBudgetBurn',
    objective: 'orders-outcome',
    title: 'pages when recovery had to settle one order in ten for 9 minutes, and ends after',
    severity: 'critical',
    interval: '1m',
    series: {
      [placed]: counter([516, 600]),
      'shop_orders_recovered_total{namespace="shop", app="order", status="CREATED"}': counter(
        [421, 0],
        [15, 60],
        [80, 0],
      ),
      'shop_orders_recovered_total{namespace="shop", app="order", status="PENDING"}': counter([421, 600], [95, 600]),
    },
    expect: [
      silent(from + minutes(8)),
      {
        at: from + minutes(12),
        fires: [{ objective: 'orders-outcome', kind: 'outcome' }],
        description:
          'orders-outcome: orders fail or stay pending, 18.33 times as many as the objective allows in the long run.',
      },
      silent(from + minutes(21)),
    ],
  },
  {
    alert: 'ShopOrderOutcomeBudgetBurn',
    objective: 'orders-outcome',
    title: 'is silent while recovery settles one order in two thousand',
    interval: '1m',
    series: {
      [placed]: counter([481, 600]),
      'shop_orders_recovered_total{namespace="shop", app="order", status="CREATED"}': counter([481, 0.3]),
    },
    expect: [silent(hours(2), 'below'), silent(hours(8), 'below')],
  },
  {
    alert: 'ShopOrderFreshnessBudgetBurn',
    objective: 'orders-freshness',
    title: 'pages when the oldest order has waited too long for 9 minutes, and ends after',
    severity: 'critical',
    interval: '1m',
    series: {
      'shop_oldest_pending_order_age_seconds{namespace="shop", app="order"}': gauge([421, 0], [15, 90], [80, 0]),
    },
    expect: [
      silent(from + minutes(8)),
      {
        at: from + minutes(12),
        fires: [{ objective: 'orders-freshness', kind: 'freshness' }],
        description:
          'orders-freshness: orders wait too long for their outcome, 20 times as many as the objective allows in the long run.',
      },
      silent(from + minutes(21)),
    ],
  },
  {
    alert: 'ShopOrderFreshnessBudgetBurn',
    objective: 'orders-freshness',
    title: 'is silent while the oldest order is three quarters of a minute old, and when nobody can tell',
    interval: '1m',
    series: {
      'shop_oldest_pending_order_age_seconds{namespace="shop", app="order"}': `${gauge([421, 45])} stale`,
    },
    expect: [silent(hours(2), 'below'), silent(hours(7), 'below'), silent(hours(8))],
  },
]
