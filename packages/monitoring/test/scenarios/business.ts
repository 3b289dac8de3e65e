import { gauge, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const violations = (values: string) => ({
  'shop_stock_invariant_violations{namespace="shop", app="inventory", pod="a"}': values,
})

export const businessScenarios: Scenario[] = [
  {
    alert: 'ShopStockInvariantViolated',
    title: 'pages when a product has not added up for a minute, and ends when it does',
    interval,
    series: violations(gauge([4, 0], [10, 1], [20, 0])),
    expect: [
      silent(105),
      {
        at: 120,
        fires: [{ app: 'inventory' }],
        description: '1 products have another stock than what was set less what is reserved.',
      },
      silent(240),
    ],
  },
  {
    alert: 'ShopStockInvariantViolated',
    title: 'is silent while all add up, and when nobody can tell any more',
    interval,
    series: violations(`${gauge([20, 0])} 1 stale`),
    expect: [silent(240, 'below'), silent(600)],
  },
  {
    alert: 'ShopDeadMansSwitch',
    title: 'fires always',
    interval,
    series: { 'up{namespace="shop"}': '1x40' },
    expect: [
      {
        at: 0,
        fires: [{}],
        description: 'Prometheus evaluates the rules of the shop, and Alertmanager hears of them.',
      },
      { at: 600, fires: [{}] },
    ],
  },
]
