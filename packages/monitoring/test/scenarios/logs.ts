import { counter, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const fires = [{ app: 'order' }]

/** Each 15 seconds, by stretches of [samples, requests]. */
const requests = (...stretches: [number, number][]) => ({
  'http_server_request_duration_seconds_count{namespace="shop", app="order", pod="a"}': counter(...stretches),
})
const lines = (values: string, app = 'order') => ({
  [`promtail_custom_log_lines_total{namespace="shop", app="${app}", container="${app}", pod="a", level="info"}`]:
    values,
})

const none: Scenario[] = [
  {
    alert: 'ShopNoLogs',
    title: 'fires when requests have written no line for minutes, and ends with the next line',
    interval,
    series: { ...requests([140, 1.2]), ...lines(counter([40, 1], [40, 0], [60, 1])) },
    expect: [
      silent(600 + 390),
      {
        at: 600 + 435,
        fires,
        description: 'order answered 24 requests in 5m, of which no line was read.',
      },
      { at: 1200, fires },
      silent(1230),
    ],
  },
  {
    alert: 'ShopNoLogs',
    title: 'fires for an hour when nobody counts lines any more',
    interval,
    series: { ...requests([400, 1.2]), ...lines(`${counter([40, 1])} stale`) },
    expect: [{ at: minutes(20), fires }, { at: minutes(68), fires }, silent(minutes(72), 'missing series')],
  },
  {
    alert: 'ShopNoLogs',
    title: 'is silent about 16 requests, and while each writes a line',
    interval,
    series: { ...requests([140, 0.8]), ...lines('7x140', 'gateway') },
    expect: [silent(1200, 'below'), silent(2000, 'below')],
  },
  {
    alert: 'ShopNoLogs',
    title: 'is silent where nobody has ever counted lines',
    interval,
    series: requests([140, 10]),
    expect: [silent(1200, 'missing series'), silent(2000, 'missing series')],
  },
]

const burst: Scenario[] = [
  {
    alert: 'ShopLogBurst',
    title: 'fires when 3200 lines in five minutes are 13 times the requests, and ends when they are fewer',
    interval,
    series: { ...requests([140, 12]), ...lines(counter([40, 12], [40, 160], [60, 12])) },
    expect: [
      silent(600 + 375),
      { at: 600 + 435, fires, description: 'order wrote 3200 lines in 5m.' },
      { at: 1200, fires },
      silent(1260),
    ],
  },
  {
    alert: 'ShopLogBurst',
    title: 'fires for what answers no requests',
    interval,
    series: lines(counter([140, 160]), 'postgres'),
    expect: [{ at: 1200, fires: [{ app: 'postgres' }] }],
  },
  {
    alert: 'ShopLogBurst',
    title: 'is silent about 2800 lines without requests, and under a load that writes eight lines for a request',
    interval,
    series: {
      ...requests([140, 20]),
      ...lines(counter([140, 160])),
      ...lines(counter([140, 140]), 'postgres'),
    },
    expect: [silent(1200, 'below'), silent(2000, 'below')],
  },
  {
    alert: 'ShopLogBurst',
    title: 'is silent where nobody counts lines',
    interval,
    series: requests([140, 100]),
    expect: [silent(1200, 'missing series')],
  },
]

export const logScenarios: Scenario[] = [...none, ...burst]
