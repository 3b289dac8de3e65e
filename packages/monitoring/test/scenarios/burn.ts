import { counter, hours, minutes, type Scenario, silent } from '../scenario.ts'
import { count, ok, unavailable } from './requests.ts'

/** Samples a minute at which requests come and, of these, fail, by stretches of [samples, requests, failures]. */
function traffic(group: string, ...stretches: [number, number, number][]): Record<string, string> {
  return {
    [count(group, ok)]: counter(...stretches.map(([n, all, bad]): [number, number] => [n, all - bad])),
    [count(group, unavailable)]: counter(...stretches.map(([n, , bad]): [number, number] => [n, bad])),
  }
}

const fires = [{ objective: 'products-availability', kind: 'availability' }]
const burning = (at: number) => ({ at, fires })

const errors = 'ShopErrorBudgetBurn'
const from = hours(7)

const about = { alert: errors, objective: 'products-availability' }

export const burnScenarios: Scenario[] = [
  {
    ...about,
    title: 'pages when 1 in 10 requests has failed for 9 minutes, and ends 5 minutes after they do',
    severity: 'critical',
    interval: '1m',
    series: traffic('products', [421, 600, 0], [15, 600, 60], [60, 600, 0]),
    expect: [
      silent(from + minutes(8)),
      {
        ...burning(from + minutes(12)),
        description:
          'products-availability: requests fail, 18.34 times as many as the objective allows in the long run.',
      },
      burning(from + minutes(18)),
      silent(from + minutes(21)),
    ],
  },
  {
    ...about,
    title: 'pages when 1 in 100 has failed for 3.6 hours, and ends a quarter of an hour after they do',
    severity: 'critical',
    interval: '1m',
    series: traffic('products', [421, 600, 0], [300, 600, 6], [60, 600, 0]),
    expect: [
      silent(from + hours(3.5)),
      burning(from + hours(3.75)),
      burning(from + hours(5) + minutes(10)),
      silent(from + hours(5) + minutes(15)),
    ],
  },
  {
    ...about,
    title: 'is silent while it burns a little slower than a page is worth',
    severity: 'critical',
    interval: '1m',
    series: traffic('products', [421, 1000, 0], [480, 1000, 5]),
    expect: [silent(from + hours(4), 'below'), silent(from + hours(7.9), 'below')],
  },
  ...(['critical', 'warning'] as const).flatMap((severity): Scenario[] => {
    const patience = minutes(severity === 'critical' ? 1 : 15)
    const start = hours(3)
    return [
      {
        ...about,
        title: 'is silent about four failures',
        severity,
        interval: '15s',
        series: traffic('products', [721, 1, 0], [4, 1, 1], [200, 1, 0]),
        expect: [silent(start + minutes(3), 'below'), silent(start + minutes(20), 'below')],
      },
      {
        ...about,
        title: 'fires for seven failures, when they have been five for as long as it waits',
        severity,
        interval: '15s',
        series: traffic('products', [721, 1, 0], [7, 1, 1], [200, 1, 0]),
        expect: [
          silent(start + 75 + patience - 15),
          burning(start + 75 + patience + (severity === 'critical' ? 15 : 60)),
        ],
      },
    ]
  }),
  {
    ...about,
    title: 'is silent without requests',
    interval: '1m',
    series: traffic('products', [421, 0, 0]),
    expect: [silent(hours(3), 'no traffic'), silent(hours(7), 'no traffic')],
  },
  {
    ...about,
    title: 'is silent about clients that go away and about what they did wrong',
    interval: '1m',
    series: {
      ...traffic('products', [421, 600, 0]),
      [count('products', 'http_response_status_code="", error_type="abandoned"')]: counter([421, 300]),
      [count('products', 'http_response_status_code="404", error_type=""')]: counter([421, 300]),
    },
    expect: [silent(hours(3)), silent(hours(7))],
  },
  {
    ...about,
    title: 'fires for answers that were broken off',
    severity: 'critical',
    interval: '1m',
    series: {
      ...traffic('products', [421, 600, 0]),
      [count('products', 'http_response_status_code="200", error_type="broken-off"')]: counter([361, 0], [60, 300]),
    },
    expect: [silent(hours(6)), burning(hours(6) + minutes(15))],
  },
  {
    ...about,
    title: 'fires through a restart, which sets the counters back',
    severity: 'critical',
    interval: '1m',
    series: Object.fromEntries(
      Object.entries(traffic('products', [120, 600, 300])).map(([name, values]) => [name, `${values} ${values}`]),
    ),
    expect: [burning(hours(2) + minutes(1)), burning(hours(2) + minutes(3))],
  },
  {
    ...about,
    title: 'makes a ticket when 1 in 200 has failed for 14.4 hours of a day with less traffic than before',
    severity: 'warning',
    interval: '5m',
    series: traffic('products', [577, 40_000, 0], [288, 4000, 0], [240, 4000, 20], [60, 4000, 0]),
    expect: [silent(hours(86)), burning(hours(87)), burning(hours(92) + minutes(35)), silent(hours(92) + minutes(65))],
  },
  {
    ...about,
    title: 'makes a ticket when 1 in 500 has failed for a day and a half',
    severity: 'warning',
    interval: '5m',
    series: traffic('products', [865, 5000, 0], [480, 5000, 10], [80, 5000, 0]),
    expect: [
      silent(hours(72 + 34)),
      burning(hours(72 + 38)),
      burning(hours(72 + 40) + minutes(150)),
      silent(hours(72 + 40) + minutes(220)),
    ],
  },
  {
    ...about,
    title: 'makes no ticket while the budget lasts',
    severity: 'warning',
    interval: '5m',
    series: traffic('products', [1345, 10_000, 9]),
    expect: [silent(hours(80), 'below'), silent(hours(112), 'below')],
  },
]
