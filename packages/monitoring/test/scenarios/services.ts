import { services } from '@hello/shop/services'
import { gauge, type Scenario, silent } from '../scenario.ts'

const up = (app: string, values: string) => ({ [`up{namespace="shop", app="${app}"}`]: values })
const allUp = (values: string) => Object.assign({}, ...services.map(({ name }) => up(name, values)))

/** Prometheus of itself: how many targets a release's ServiceMonitor has. */
const pool = (app: string, values: string) => ({
  [`prometheus_target_scrape_pool_targets{namespace="monitoring", scrape_job="serviceMonitor/shop/${app}/0"}`]: values,
})
const interval = '15s'

const down: Scenario[] = [
  {
    alert: 'ShopServiceDown',
    title: 'fires 30 seconds after the only pod of a service stopped answering, and ends when it answers',
    interval,
    series: { ...allUp('1x40'), ...up('order', gauge([4, 1], [10, 0], [20, 1])) },
    expect: [
      silent(75),
      { at: 90, fires: [{ app: 'order' }], description: 'No pod of order has answered Prometheus for 30s.' },
      silent(240),
    ],
  },
  {
    alert: 'ShopServiceDown',
    title: 'fires when a service vanishes with its target',
    interval,
    series: { ...allUp('1x60'), ...up('product', '1 1 1 stale') },
    expect: [{ at: 600, fires: [{ app: 'product' }] }],
  },
  {
    alert: 'ShopServiceDown',
    title: 'fires for a service that is installed and has had no pod from the start',
    interval,
    series: { ...allUp('1x60'), ...pool('order', '1x60'), ...pool('cart', '0x60') },
    expect: [silent(15), { at: 180, fires: [{ app: 'cart' }] }],
  },
  {
    alert: 'ShopServiceDown',
    title: 'is silent an hour after a service was taken away with its monitor',
    interval,
    series: { ...allUp('1x360'), ...up('order', '1 1 1 stale'), ...pool('order', '1 1 1 stale') },
    expect: [{ at: 3000, fires: [{ app: 'order' }] }, silent(4500)],
  },
  {
    alert: 'ShopServiceDown',
    title: 'is silent about the exporter of PostgreSQL, which answers nobody else',
    interval,
    series: { ...allUp('1x60'), ...pool('postgres', '0x60'), ...up('postgres', '1 1 0x40') },
    expect: [silent(480)],
  },
  {
    alert: 'ShopServiceDown',
    title: 'is silent while another pod of the service answers',
    interval,
    series: { ...allUp('1x40'), 'up{namespace="shop", app="order", pod="b"}': '0x40' },
    expect: [silent(480, 'below')],
  },
]

const age = (values: string) => ({ 'shop_oldest_pending_order_age_seconds{namespace="shop", app="order"}': values })

const pending: Scenario[] = [
  {
    alert: 'ShopOrderPendingTooLong',
    title: 'fires when the oldest order has been too old for a minute, and ends when it is settled',
    interval,
    series: age(gauge([4, 0], [10, 61], [10, 0])),
    expect: [
      silent(105),
      {
        at: 120,
        fires: [{ app: 'order' }],
        description: 'The oldest pending order is 1m 1s old; the recovery loop settles one within seconds.',
      },
      silent(240),
    ],
  },
  {
    alert: 'ShopOrderPendingTooLong',
    title: 'is silent while each order is settled within a minute, and when nobody can tell any more',
    interval,
    series: age(`${gauge([20, 60])} 90 stale`),
    expect: [silent(200, 'below'), silent(300, 'below'), silent(420)],
  },
]

const sample = (pod: string, values: string) => ({
  [`database_sample_age_seconds{namespace="shop", app="order", sample="stored-orders", pod="${pod}"}`]: values,
})

const notSampled: Scenario[] = [
  {
    alert: 'ShopDatabaseNotSampled',
    title: 'fires for the sample that no pod could read for a minute and a half, and ends when one can',
    interval,
    series: {
      ...sample('a', gauge([4, 2], [10, 91], [10, 2])),
      'database_sample_age_seconds{namespace="shop", app="order", sample="pending-orders", pod="a"}': '2x40',
    },
    expect: [
      silent(105),
      {
        at: 120,
        fires: [{ app: 'order', sample: 'stored-orders' }],
        description: 'No pod of order has read the sample stored-orders for 1m 31s.',
      },
      silent(240),
    ],
  },
  {
    alert: 'ShopDatabaseNotSampled',
    title: 'is silent while another pod can, and while a slow sample waits for its turn',
    interval,
    series: { ...sample('a', gauge([4, 2], [40, 300])), ...sample('b', gauge([4, 2], [40, 90])) },
    expect: [silent(180, 'below'), silent(600, 'below')],
  },
]

export const serviceScenarios: Scenario[] = [...down, ...pending, ...notSampled]
