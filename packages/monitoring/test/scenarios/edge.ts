import { counter, minutes, type Scenario, silent } from '../scenario.ts'
import { count, ok } from './requests.ts'

const interval = '15s'
const fires = [{ app: 'gateway' }]

/** Requests each 15 seconds, by stretches of [samples, all, refused]. */
const requests = (...stretches: [number, number, number][]) => ({
  [count('products', ok)]: counter(...stretches.map(([n, all, refused]): [number, number] => [n, all - refused])),
  [count('products', 'http_response_status_code="429", error_type=""')]: counter(
    ...stretches.map(([n, , refused]): [number, number] => [n, refused]),
  ),
})

const alert = 'ShopRateLimitBites'

export const edgeScenarios: Scenario[] = [
  {
    alert,
    title: 'fires when one request in twelve has been refused for minutes, and ends minutes after none is',
    interval,
    series: requests([40, 100, 0], [60, 100, 8], [60, 100, 0]),
    expect: [
      silent(600 + minutes(5)),
      { at: 600 + minutes(7), fires, description: '8% of the requests to gateway were answered 429.' },
      { at: 1500 + 75, fires },
      silent(1500 + 150),
    ],
  },
  {
    alert,
    title: 'waits for two minutes where there were no requests before',
    interval,
    series: requests([40, 0, 0], [60, 100, 100]),
    expect: [silent(600 + 105), { at: 600 + 165, fires }],
  },
  {
    alert,
    title: 'fires for 60 of 600 requests in five minutes',
    interval,
    series: requests([40, 30, 0], [80, 30, 3]),
    expect: [{ at: 1600, fires }],
  },
  {
    alert,
    title: 'is silent about 40 of 400',
    interval,
    series: requests([120, 20, 2]),
    expect: [silent(1200, 'below'), silent(1700, 'below')],
  },
  {
    alert,
    title: 'is silent about one in twenty-five of many',
    interval,
    series: requests([120, 100, 4]),
    expect: [silent(1200, 'below'), silent(1700, 'below')],
  },
]
