import { dashboard } from '../dashboard.ts'
import { logs, runbook, toDashboard } from '../links.ts'
import { logBars, stat, timeSeries } from '../panels.ts'
import { selector } from '../queries.ts'

const sales = logs('Orders settled', 'app="order"', ' |= "order settled"')
const journey = toDashboard('orders')
const sold = `${selector('app="order"')} |= "order settled" | json | status="CREATED"`
const sum = (metric: string, ...matchers: string[]) => `sum(increase(${metric}${selector(...matchers)}[$__range]))`
const perSecond = (metric: string, ...matchers: string[]) =>
  `sum(rate(${metric}${selector(...matchers)}[$__rate_interval]))`
const created = 'outcome="created"'

const now = (title: string, description: string, expr: string, unit: 'short' | 'percentunit' = 'short') =>
  stat({ title, description, unit, queries: [{ expr, legend: title }], links: [journey, sales] })

const top = (title: string, description: string, field: 'quantity' | 'value') =>
  logBars({
    title,
    description,
    unit: 'short',
    queries: [
      {
        expr: `topk(10, sum by (product_name) (sum_over_time(${sold} | unwrap ${field} [$__range])))`,
        legend: '{{product_name}}',
      },
    ],
    links: [sales],
  })

/** What the shop sells, and what it could not sell. */
export const business = dashboard('business', 'What the shop sells, and what it could not sell.', [
  {
    title: 'In the time shown',
    height: 5,
    panels: [
      now('Revenue', 'Value of the orders created, in units of the currency.', sum('shop_revenue_total')),
      now('Orders', 'Orders created.', sum('shop_orders_total', created)),
      now('Units', 'Units sold.', sum('shop_units_sold_total')),
      now(
        'Value of an order',
        'Revenue by orders created.',
        `${sum('shop_revenue_total')} / (${sum('shop_orders_total', created)} > 0)`,
      ),
    ],
  },
  {
    title: 'Over time',
    height: 8,
    panels: [
      timeSeries({
        title: 'Revenue a minute',
        description: 'Value of the orders created, in units of the currency.',
        unit: 'short',
        queries: [{ expr: `60 * ${perSecond('shop_revenue_total')}`, legend: 'revenue' }],
        links: [sales, journey],
      }),
      timeSeries({
        title: 'Orders and units a minute',
        description: 'How many orders were created, and how many units they have.',
        unit: 'short',
        queries: [
          { expr: `60 * ${perSecond('shop_orders_total', created)}`, legend: 'orders' },
          { expr: `60 * ${perSecond('shop_units_sold_total')}`, legend: 'units' },
        ],
        links: [sales, journey, runbook('ShopOrdersStalled')],
      }),
    ],
  },
  {
    title: 'Products',
    height: 9,
    panels: [
      top(
        'Top products by revenue',
        'Of the time shown, from the log lines of the orders, for a label of a metric would have no bound.',
        'value',
      ),
      top('Top products by units', 'Of the time shown, from the log lines of the orders.', 'quantity'),
    ],
  },
  {
    title: 'Stock',
    height: 7,
    panels: [
      now(
        'Turned away',
        'Share of the orders that were rejected because too little was left.',
        `${sum('shop_orders_total', 'outcome="rejected"')} / (${sum('shop_orders_total')} > 0)`,
        'percentunit',
      ),
      timeSeries({
        title: 'Products out of stock',
        description: 'Products of which nothing is left.',
        unit: 'none',
        queries: [{ expr: `max(shop_products_out_of_stock${selector()})`, legend: 'products' }],
        links: [logs('Orders refused', 'app="order"', ' |= "REJECTED"'), journey, runbook('ShopStockOut')],
      }),
      timeSeries({
        title: 'Units left',
        description: 'Of all products together.',
        unit: 'none',
        queries: [{ expr: `max(shop_stock_units${selector()})`, legend: 'units' }],
        links: [logs('Log lines of inventory', 'app="inventory"'), journey],
      }),
    ],
  },
])
