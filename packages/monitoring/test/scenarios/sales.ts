import { counter, gauge, hours, minutes, type Scenario, silent } from '../scenario.ts'

const alert = 'ShopOrdersStalled'
const interval = '1m'
const fires = [{}]

/** Orders created each minute, by stretches of [minutes, orders]. */
const orders = (...stretches: [number, number][]) => ({
  'shop_orders_total{namespace="shop", app="order", pod="a", outcome="created"}': counter(...stretches),
})

const stalled: Scenario[] = [
  {
    alert,
    title: 'fires when hardly an order has been created for a quarter of an hour, and ends when they are',
    interval,
    series: orders([110, 0], [190, 0.8], [60, 0.12], [40, 0.8]),
    expect: [
      silent(minutes(318)),
      {
        at: minutes(320),
        fires,
        description: '2 orders were created in 15m, far fewer than in any 15m of the 1h that ended 1h ago.',
      },
      { at: minutes(328), fires },
      { at: minutes(350), fires },
      silent(minutes(365)),
    ],
  },
  {
    alert,
    title: 'is silent at 30 % of the usual',
    interval,
    series: orders([280, 0.8], [60, 0.24]),
    expect: [silent(minutes(310), 'below'), silent(minutes(335), 'below')],
  },
  {
    alert,
    title: 'is silent about a shop that sells eight in a quarter of an hour',
    interval,
    series: orders([280, 0.53], [60, 0]),
    expect: [silent(minutes(310), 'below'), silent(minutes(335), 'below')],
  },
  {
    alert,
    title: 'is silent after a rush of 50 minutes',
    interval,
    series: orders([120, 0], [50, 20], [120, 0]),
    expect: [190, 210, 230, 250, 280].map((at) => silent(minutes(at), 'below')),
  },
]

const empty = (values: string) => ({
  'shop_products_out_of_stock{namespace="shop", app="inventory", pod="a"}': values,
})

const stockOut: Scenario[] = [
  {
    alert: 'ShopStockOut',
    title: 'fires when of a product nothing has been left for five minutes, and ends when there is',
    interval: '15s',
    series: empty(gauge([4, 0], [30, 1], [20, 0])),
    expect: [
      silent(345),
      { at: 360, fires, description: 'Of 1 products nothing is left; orders of them are rejected.' },
      silent(525),
    ],
  },
  {
    alert: 'ShopStockOut',
    title: 'is silent while something is left of each',
    interval: '15s',
    series: empty('0x80'),
    expect: [silent(hours(0.25), 'below')],
  },
]

export const salesScenarios: Scenario[] = [...stalled, ...stockOut]
