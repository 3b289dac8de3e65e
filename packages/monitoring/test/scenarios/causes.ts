import { counter, gauge, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const call = 'namespace="shop", app="order", server_address="inventory"'
const between = [{ app: 'order', server_address: 'inventory' }]

const closed = (values: string) => ({ [`http_client_breaker_state{${call}, state="closed"}`]: values })

const breaker: Scenario[] = [
  {
    alert: 'ShopBreakerOpen',
    title: 'fires when it was closed for less than half of two minutes, and ends as long after it closed',
    interval,
    series: closed(gauge([20, 1], [20, 0], [40, 1])),
    expect: [
      silent(300 + 75),
      {
        at: 300 + 90,
        fires: between,
        description: 'The breaker of order for inventory was closed for only 12.5% of the time.',
      },
      { at: 600 + 30, fires: between },
      silent(600 + 60),
    ],
  },
  {
    alert: 'ShopBreakerOpen',
    title: 'fires when it is closed in every third sample only',
    interval,
    series: closed(`${gauge([20, 1])} ${'0 0 1 '.repeat(20).trim()}`),
    expect: [{ at: 900, fires: between }],
  },
  {
    alert: 'ShopBreakerOpen',
    title: 'is silent while it is closed in five of eight samples, and without calls',
    interval,
    series: { ...closed('0 1 1 0 1 1 0 1 '.repeat(10).trim()) },
    expect: [silent(600, 'below'), silent(900, 'below')],
  },
]

/** Calls and repetitions each 15 seconds, by stretches of [samples, calls, repetitions]. */
const calls = (...stretches: [number, number, number][]) => ({
  [`http_client_request_duration_seconds_count{${call}}`]: counter(
    ...stretches.map(([n, all]): [number, number] => [n, all]),
  ),
  [`http_client_retries_total{${call}}`]: counter(...stretches.map(([n, , again]): [number, number] => [n, again])),
})

const retries: Scenario[] = [
  {
    alert: 'ShopRetryStorm',
    title: 'fires two minutes after one call in eight is a repetition, and ends minutes after none is',
    interval,
    series: calls([40, 80, 0], [40, 80, 16], [60, 80, 0]),
    expect: [
      silent(600 + 240),
      {
        at: 600 + 540,
        fires: between,
        description: '20% of the calls from order to inventory are repetitions.',
      },
      { at: 1200 + 120, fires: between },
      silent(1200 + 195),
    ],
  },
  {
    alert: 'ShopRetryStorm',
    title: 'waits for two minutes where there were no calls before',
    interval,
    series: calls([40, 0, 0], [40, 100, 50]),
    expect: [silent(600 + 105), { at: 600 + 165, fires: between }],
  },
  {
    alert: 'ShopRetryStorm',
    title: 'fires for 24 repetitions, 12 % of the calls, in five minutes',
    interval,
    series: calls([40, 10, 0], [80, 10, 1.2]),
    expect: [{ at: 1600, fires: between }],
  },
  {
    alert: 'ShopRetryStorm',
    title: 'is silent about 18 repetitions, and about 8 % of many calls',
    interval,
    series: calls([120, 5, 0.9]),
    expect: [silent(1200, 'below'), silent(1700, 'below')],
  },
  {
    alert: 'ShopRetryStorm',
    title: 'is silent while 8 % of many calls are repetitions, and without calls',
    interval,
    series: calls([80, 100, 8], [80, 0, 0]),
    expect: [silent(1100, 'below'), silent(2300, 'no traffic')],
  },
]

const lag = (values: string) => ({ 'nodejs_eventloop_lag_p99_seconds{namespace="shop", app="order", pod="a"}': values })

const eventLoop: Scenario[] = [
  {
    alert: 'ShopEventLoopLag',
    title: 'fires when it has been held up for two minutes, and ends when it is not',
    interval,
    series: lag(gauge([4, 0.01], [12, 0.25], [20, 0.01])),
    expect: [
      silent(60 + 105),
      {
        at: 60 + 120,
        fires: [{ app: 'order' }],
        description: 'What is due in a pod of order waits up to 250ms for its turn.',
      },
      silent(270),
    ],
  },
  {
    alert: 'ShopEventLoopLag',
    title: 'is silent at 0.15 s, and when nobody can tell any more',
    interval,
    series: lag(`${gauge([30, 0.15])} 0.9 stale`),
    expect: [silent(400, 'below'), silent(700)],
  },
]

const outcome = (name: string) =>
  `otel_sdk_exporter_span_exported_total{namespace="shop", app="order", outcome="${name}"}`

/** Spans each 15 seconds, by stretches of [samples, all, lost], and whether they were lost before or while they were sent. */
const spans = (how: 'dropped' | 'failure', ...stretches: [number, number, number][]) => ({
  [outcome('success')]: counter(...stretches.map(([n, all, lost]): [number, number] => [n, all - lost])),
  [outcome(how)]: counter(...stretches.map(([n, , lost]): [number, number] => [n, lost])),
})

const lost = [
  {
    alert: 'ShopSpansLost',
    how: 'dropped' as const,
    other: 'failure' as const,
    description: '8% of the spans of order were dropped before they were sent.',
  },
  {
    alert: 'ShopSpanExportFails',
    how: 'failure' as const,
    other: 'dropped' as const,
    description: 'The receiver did not take 8% of the spans of order.',
  },
].flatMap(({ alert, how, other, description }): Scenario[] => [
  {
    alert,
    title: `fires when one span in twelve has ended as ${how} for minutes, and ends minutes after none does`,
    interval,
    series: spans(how, [40, 100, 0], [60, 100, 8], [60, 100, 0]),
    expect: [
      silent(600 + 420),
      { at: 600 + 600, fires: [{ app: 'order' }], description },
      { at: 1500 + 75, fires: [{ app: 'order' }] },
      silent(1500 + 150),
    ],
  },
  {
    alert,
    title: `is silent while one in twenty-five does`,
    interval,
    series: spans(how, [80, 100, 4]),
    expect: [silent(1100, 'below')],
  },
  {
    alert,
    title: `is silent about all that end as ${other}`,
    interval,
    series: spans(other, [80, 100, 50]),
    expect: [silent(1100)],
  },
])

export const causeScenarios: Scenario[] = [...breaker, ...retries, ...eventLoop, ...lost]
