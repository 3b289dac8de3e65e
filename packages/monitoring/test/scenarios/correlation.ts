import { counter, gauge, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const fires = [{ app: 'order' }]
const pod = (name: string, app = 'order') => `namespace="shop", app="${app}", pod="${name}"`

/** Requests each 15 seconds, by stretches of [samples, all, of these without a parent]. */
const requests = (app: string, ...stretches: [number, number, number][]) => ({
  [`http_server_request_duration_seconds_count{${pod('a', app)}}`]: counter(
    ...stretches.map(([samples, all]): [number, number] => [samples, all]),
  ),
  [`http_server_requests_without_parent_total{${pod('a', app)}}`]: counter(
    ...stretches.map(([samples, , without]): [number, number] => [samples, without]),
  ),
})

const context: Scenario[] = [
  {
    alert: 'ShopTraceContextLost',
    title: 'fires when one request in twelve has come without a trace for minutes, and ends when none does',
    interval,
    series: requests('order', [40, 100, 0], [40, 100, 8], [40, 100, 0]),
    expect: [
      silent(600 + 165),
      { at: 600 + 180, fires, description: '8% of the requests to order came without a trace.' },
      { at: 1200, fires },
      silent(1200 + 30),
    ],
  },
  {
    alert: 'ShopTraceContextLost',
    title: 'is silent about one request in twenty-five of many',
    interval,
    series: requests('order', [80, 1000, 40]),
    expect: [silent(minutes(10), 'below'), silent(minutes(19), 'below')],
  },
  {
    alert: 'ShopTraceContextLost',
    title: 'is silent about twenty calls a minute by hand where there are no others',
    interval,
    series: requests('order', [80, 5, 5]),
    expect: [silent(minutes(10), 'below'), silent(minutes(19), 'below')],
  },
  {
    alert: 'ShopTraceContextLost',
    title: 'is silent about a loop by hand that lasts a minute',
    interval,
    series: requests('order', [40, 0, 0], [4, 500, 500], [40, 0, 0]),
    expect: [630, 660, 690, 720, 750, 780].map((at) => silent(at, 'below')),
  },
  {
    alert: 'ShopTraceContextLost',
    title: 'is silent about the services that anybody may call',
    interval,
    series: { ...requests('gateway', [80, 100, 100]), ...requests('frontend', [80, 100, 100]) },
    expect: [silent(minutes(10)), silent(minutes(19))],
  },
]

/** A clock that is read in each scrape, by stretches of [samples, seconds by which it is ahead of Prometheus']. */
function clock(name: string, ...stretches: [number, number][]) {
  let at = 0
  const values = stretches.map(([samples, ahead]) => {
    const text = `${at + ahead}+15x${samples - 1}`
    at += samples * 15
    return text
  })
  return { [`process_clock_seconds{${pod(name)}}`]: values.join(' ') }
}

const scrapes = (name: string, ...stretches: [number, number][]) => ({
  [`scrape_duration_seconds{${pod(name)}}`]: gauge(...stretches),
})

const skew: Scenario[] = [
  {
    alert: 'ShopClockSkewed',
    title:
      'fires when the clock of one of two pods has been a second and a half ahead for two minutes, and ends with it',
    interval,
    series: {
      ...clock('a', [40, 0.01], [40, 1.52], [20, 0.01]),
      ...scrapes('a', [100, 0.02]),
      ...clock('b', [100, 0.01]),
      ...scrapes('b', [100, 0.02]),
    },
    expect: [
      silent(600 + 105),
      { at: 600 + 120, fires, description: "The clock of a pod of order is 1.5s off Prometheus' clock." },
      { at: 1185, fires },
      silent(1200),
    ],
  },
  {
    alert: 'ShopClockSkewed',
    title: 'fires when it is five minutes behind',
    interval,
    series: { ...clock('a', [20, 0.01], [40, -300]), ...scrapes('a', [60, 0.02]) },
    expect: [silent(300 + 105), { at: 300 + 120, fires }],
  },
  {
    alert: 'ShopClockSkewed',
    title: 'is silent at eight tenths of a second, and about a minute of more',
    interval,
    series: { ...clock('a', [40, 0.82], [4, 60], [40, -0.78]), ...scrapes('a', [84, 0.02]) },
    expect: [300, 590, 645, 720, 1200].map((at) => silent(at, 'below')),
  },
  {
    alert: 'ShopClockSkewed',
    title: 'is silent about a pod that takes four seconds to answer a scrape, at the end of which it reads its clock',
    interval,
    series: { ...clock('a', [40, 3.9]), ...scrapes('a', [40, 4]) },
    expect: [silent(minutes(5), 'below'), silent(minutes(9), 'below')],
  },
]

export const correlationScenarios: Scenario[] = [...context, ...skew]
