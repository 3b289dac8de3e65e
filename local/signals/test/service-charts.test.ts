import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetricStore } from '../metric-store.ts'
import { parseOpenMetrics } from '../openmetrics.ts'
import { chartsOf } from '../service-charts.ts'

const range = { to: 6000, step: 2000, count: 3, window: 1 }

function scraped(...expositions: string[]) {
  const metrics = createMetricStore({ retention: 60_000, maxSeries: 100, maxExemplars: 10 })
  for (const [index, text] of expositions.entries()) metrics.add('order', parseOpenMetrics(text), 2000 * (index + 1))
  return metrics
}

const breaker = (address: string, current: string) =>
  ['closed', 'half-open', 'open']
    .map((state) => `http_client_breaker_state{server_address="${address}",state="${state}"} ${+(state === current)}`)
    .join('\n')

test('shows the pool, the breakers and the business of a service, each in its unit', () => {
  const at = (used: number, created: number, state: string) => `
db_client_connection_count{state="used"} ${used}
db_client_connection_count{state="idle"} 1
db_client_connection_pending_requests 0
db_client_connection_max 10
shop_orders_total{outcome="created"} ${created}
shop_orders_total{outcome="rejected"} 0
shop_revenue_total ${created * 10.99}
shop_oldest_pending_order_age_seconds 1.5
${breaker('product', 'closed')}
${breaker('inventory', state)}`
  const charts = chartsOf(scraped(at(3, 0, 'closed'), at(4, 4, 'open'), at(4, 4, 'half-open')), 'order', range)
  assert.deepEqual(charts, [
    {
      chart: 'orders',
      unit: 'perSecond',
      series: [
        { key: 'created', values: [0, 2, 0] },
        { key: 'rejected', values: [0, 0, 0] },
      ],
    },
    {
      chart: 'revenue',
      unit: 'dollarsPerSecond',
      series: [{ key: 'shop_revenue_total', values: [0, 21.98, 0] }],
    },
    {
      chart: 'pendingAge',
      unit: 'seconds',
      series: [{ key: 'shop_oldest_pending_order_age_seconds', values: [1.5, 1.5, 1.5] }],
    },
    {
      chart: 'pool',
      unit: 'count',
      series: [
        { key: 'used', values: [3, 4, 4] },
        { key: 'idle', values: [1, 1, 1] },
        { key: 'db_client_connection_pending_requests', values: [0, 0, 0] },
        { key: 'db_client_connection_max', values: [10, 10, 10] },
      ],
    },
    {
      chart: 'breakers',
      unit: 'breaker',
      series: [
        { key: 'product', values: [0, 0, 0] },
        { key: 'inventory', values: [0, 2, 1] },
      ],
    },
  ])
})

test('says nothing of a time of which it knows nothing', () => {
  const metrics = scraped('shop_stock_units 7\nshop_units_sold_total 1')
  const values = chartsOf(metrics, 'order', { ...range, to: 8000, count: 5 }).map(({ series }) => series[0]!.values)
  assert.deepEqual(values, [
    [null, 0, null, null, null],
    [null, 7, 7, null, null],
  ])
  assert.deepEqual(chartsOf(metrics, 'product', range), [])
})
