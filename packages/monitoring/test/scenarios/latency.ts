import { counter, hours, minutes, type Scenario, silent } from '../scenario.ts'
import { count, duration, ok, route } from './requests.ts'

const bucket = (group: string, le: string) => `${duration}_bucket{${route(group)}, ${ok}, le="${le}"}`

/** Requests of which in the second hour half take so long that they are in no bucket below. */
function slow(group: string, bounds: Record<string, 'all' | 'half'>): Record<string, string> {
  const all = counter([61, 600], [60, 600], [40, 600])
  return {
    [count(group, ok)]: all,
    ...Object.fromEntries(
      Object.entries(bounds).map(([le, share]) => [
        bucket(group, le),
        share === 'all' ? all : counter([61, 600], [60, 300], [40, 600]),
      ]),
    ),
  }
}

const latency = 'ShopLatencyBudgetBurn'
const isSlow = (group: string) => [{ objective: `${group}-latency`, kind: 'latency' }]

export const latencyScenarios: Scenario[] = [
  ...['products', 'inventory'].flatMap((group): Scenario[] => [
    {
      alert: latency,
      objective: `${group}-latency`,
      title: `pages when half of the requests for ${group} take 0.7 s, and ends half an hour after none does`,
      severity: 'critical',
      interval: '1m',
      series: slow(group, { '0.25': 'half', '0.5': 'half', '1.0': 'all', '2.0': 'all' }),
      expect: [
        silent(hours(1) + minutes(7)),
        {
          at: hours(1) + minutes(11),
          fires: isSlow(group),
          description: `${group}-latency: requests are slower than promised, 7.042 times as many as the objective allows in the long run.`,
        },
        silent(hours(2) + minutes(35)),
      ],
    },
    {
      alert: latency,
      objective: `${group}-latency`,
      title: `is silent when half of the requests for ${group} take 0.4 s`,
      interval: '1m',
      series: slow(group, { '0.25': 'half', '0.5': 'all', '1.0': 'all', '2.0': 'all' }),
      expect: [silent(hours(1) + minutes(16), 'below'), silent(hours(2), 'below')],
    },
  ]),
  ...['1', '1.0'].map(
    (le): Scenario => ({
      alert: latency,
      objective: 'orders-latency',
      title: `pages when half of the orders take 1.5 s, with the bound written ${le}`,
      severity: 'critical',
      interval: '1m',
      series: slow('orders', { '0.5': 'half', [le]: 'half', '2.0': 'all' }),
      expect: [silent(hours(1) + minutes(7)), { at: hours(1) + minutes(11), fires: isSlow('orders') }],
    }),
  ),
  {
    alert: latency,
    objective: 'orders-latency',
    title: 'is silent when half of the orders take 0.7 s',
    interval: '1m',
    series: slow('orders', { '0.5': 'half', '1.0': 'all', '2.0': 'all' }),
    expect: [silent(hours(1) + minutes(21), 'below'), silent(hours(2), 'below')],
  },
  {
    alert: latency,
    objective: 'products-latency',
    title: 'is silent without requests',
    interval: '1m',
    series: Object.fromEntries(Object.keys(slow('products', { '0.5': 'all' })).map((name) => [name, '5x120'])),
    expect: [silent(hours(1), 'no traffic'), silent(hours(2), 'no traffic')],
  },
]
