import { dashboard } from '../dashboard.ts'
import { logs, runbook, traces } from '../links.ts'
import { objectives } from '../objectives.ts'
import { badFrom, bars, logLines, recentTraces, stat, timeSeries } from '../panels.ts'
import { selector } from '../queries.ts'

const range = '$__rate_interval'
const lines = logs('Log lines of the order service', 'app="order"')
const ofOrders = traces('Traces of the order service', 'order')
const duration = 'http_server_request_duration_seconds'
const placing = (app: string, route: string, method: string, ...more: string[]) =>
  selector(`app="${app}"`, `http_route="${route}"`, `http_request_method="${method}"`, ...more)
const gateway = placing('gateway', '/api/orders', 'POST')
const asked = (matchers: string) => `sum(increase(${duration}_count${matchers}[$__range]))`

/** An order from the request to its outcome, and what keeps it from one. */
export const orders = dashboard('orders', 'An order from the request to its outcome, and what keeps it from one.', [
  {
    title: 'Funnel',
    height: 8,
    panels: [
      bars({
        title: 'From request to order',
        description:
          'How many got how far, in the time shown. What is refused on the way (no such product, no stock) is missing from the next bar.',
        unit: 'short',
        queries: [
          { expr: asked(gateway), legend: '1 asked of the gateway' },
          { expr: asked(placing('order', '/orders', 'POST')), legend: '2 reached the order service' },
          { expr: asked(placing('inventory', '/reservations/:orderId', 'PUT')), legend: '3 asked for stock' },
          { expr: `sum(increase(shop_orders_total${selector('outcome="created"')}[$__range]))`, legend: '4 created' },
        ],
        links: [lines, ofOrders],
      }),
      timeSeries({
        title: 'Orders by outcome',
        description:
          'Orders decided a second: created, rejected for lack of stock, or withdrawn because inventory was away.',
        unit: 'ops',
        queries: [{ expr: `sum by (outcome) (rate(shop_orders_total${selector()}[${range}]))`, legend: '{{outcome}}' }],
        links: [lines, ofOrders],
      }),
      timeSeries({
        title: 'Answers by status',
        description:
          'Answers a second of the gateway to orders: 201 created, 202 not known yet, 409 no stock, 5xx a failure.',
        unit: 'reqps',
        queries: [
          {
            expr: `sum by (http_response_status_code) (rate(${duration}_count${gateway}[${range}]))`,
            legend: '{{http_response_status_code}}',
          },
        ],
        links: [lines, ofOrders],
      }),
    ],
  },
  {
    title: 'Time',
    height: 8,
    panels: [
      timeSeries({
        title: 'Time to answer an order',
        description: 'At the gateway; the line is what is promised. A point is one order: click it for its trace.',
        unit: 's',
        queries: [0.5, 0.95, 0.99].map((quantile) => ({
          expr: `histogram_quantile(${quantile}, sum by (le) (rate(${duration}_bucket${gateway}[${range}])))`,
          legend: `p${quantile * 100}`,
        })),
        links: [ofOrders, runbook('ShopLatencyBudgetBurn')],
        colours: badFrom(objectives.latencySeconds.orders),
        exemplars: true,
      }),
      timeSeries({
        title: 'Age of the oldest pending order',
        description: 'How long the order has waited whose outcome has been unknown longest; 0 when there is none.',
        unit: 's',
        queries: [{ expr: `max(shop_oldest_pending_order_age_seconds${selector()})`, legend: 'oldest' }],
        links: [lines, runbook('ShopOrderPendingTooLong')],
        colours: badFrom(objectives.pendingSeconds),
      }),
      timeSeries({
        title: 'Pending orders',
        description: 'Orders whose outcome is not known yet; recovery settles them.',
        unit: 'none',
        queries: [{ expr: `max(shop_pending_orders${selector()})`, legend: 'pending' }],
        links: [lines, runbook('ShopOrderPendingTooLong')],
      }),
    ],
  },
  {
    title: 'Repetition and recovery',
    height: 8,
    panels: [
      timeSeries({
        title: 'Calls sent again',
        description: 'Calls a second that the gateway and the order service sent again, by what they called.',
        unit: 'reqps',
        queries: [
          {
            expr: `sum by (app, server_address) (rate(http_client_retries_total${selector('app=~"gateway|order"')}[${range}]))`,
            legend: '{{app}} to {{server_address}}',
          },
        ],
        links: [logs('Attempts that failed', 'app=~"gateway|order", level="warn"'), runbook('ShopRetryStorm')],
      }),
      timeSeries({
        title: 'Idempotent replays',
        description: 'Calls a second that were answered with the order that their Idempotency-Key had made before.',
        unit: 'reqps',
        queries: [{ expr: `sum(rate(shop_order_replays_total${selector()}[${range}]))`, legend: 'replays' }],
        links: [lines, ofOrders],
      }),
      timeSeries({
        title: 'Orders recovered',
        description: 'Orders a second that recovery took up, by the status in which it left them.',
        unit: 'ops',
        queries: [
          { expr: `sum by (status) (rate(shop_orders_recovered_total${selector()}[${range}]))`, legend: '{{status}}' },
        ],
        links: [lines, runbook('ShopOrderPendingTooLong')],
      }),
    ],
  },
  {
    title: 'Books',
    height: 6,
    panels: [
      stat({
        title: 'Products that do not add up',
        description: 'Stock set by people less what is reserved must be the stock now. Anything but 0 pages.',
        unit: 'none',
        queries: [{ expr: `max(shop_stock_invariant_violations${selector()})`, legend: 'products' }],
        links: [runbook('ShopStockInvariantViolated'), logs('Log lines of inventory', 'app="inventory"')],
        colours: badFrom(objectives.invariant.products),
      }),
      stat({
        title: 'Orders kept',
        description: 'What the database keeps, by status.',
        unit: 'none',
        queries: [{ expr: `max by (status) (shop_stored_orders${selector()})`, legend: '{{status}}' }],
        links: [lines],
      }),
    ],
  },
  {
    title: 'Lines and traces',
    height: 9,
    panels: [
      logLines({
        title: 'What became of orders',
        description: 'The lines of the order service that name an order.',
        expr: `${selector('app="order"')} |= "order_id"`,
        links: [lines],
      }),
      recentTraces({
        title: 'Recent orders',
        description: 'The latest traces that the order service took part in.',
        service: 'order',
        links: [ofOrders],
      }),
    ],
  },
])
