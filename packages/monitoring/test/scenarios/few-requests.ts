import { counter, hours, minutes, type Scenario, silent } from '../scenario.ts'

const series = (status: string, error: string) =>
  `http_server_request_duration_seconds_count{namespace="shop", app="gateway", http_route="/api/products", http_response_status_code="${status}", error_type="${error}"}`

/** What happens, by stretches: [minutes, minutes between two of it, how many at a time]. */
type Stretch = [number, number, number]

/** A sample each 15 seconds, of a counter that grows only every so many minutes. */
const seldom = (...stretches: Stretch[]): string => {
  const steps = stretches.flatMap(([length, every, count]): [number, number][] =>
    count === 0
      ? [[length * 4, 0]]
      : Array.from({ length: length / every }, (): [number, number][] => [
          [1, count],
          [every * 4 - 1, 0],
        ]).flat(),
  )
  return counter(...steps)
}

const alert = 'ShopFewRequestsFail'
const about = { alert, objective: 'products-availability', interval: '15s' }
const fires = [{ objective: 'products-availability', kind: 'availability' }]
const start = hours(2)

const requests = (good: Stretch[], bad: Stretch[], every = 10) => ({
  [series('200', '')]: seldom([120, every, 1], ...good),
  [series('503', '503')]: seldom([120, 1, 0], ...bad),
})

export const fewRequestsScenarios: Scenario[] = [
  {
    ...about,
    title: 'pages a minute after the third failure of the few requests, and ends when there was none for half an hour',
    series: requests(
      [[120, 1, 0]],
      [
        [20, 5, 1],
        [100, 1, 0],
      ],
      30,
    ),
    expect: [
      silent(start + minutes(10) + 60),
      {
        at: start + minutes(10) + 90,
        fires,
        description: 'products-availability: 74.92% of the few requests of the last hour failed.',
      },
      { at: start + minutes(40), fires },
      silent(start + minutes(47)),
    ],
  },
  {
    ...about,
    title: 'pages when four of seven requests failed, twenty minutes apart',
    series: requests([[120, 1, 0]], [[120, 20, 1]]),
    expect: [silent(start + minutes(25)), { at: start + minutes(52), fires }],
  },
  {
    ...about,
    title: 'is silent when the failures are 40 minutes apart',
    series: requests([[200, 1, 0]], [[200, 40, 1]]),
    expect: [90, 125, 170].map((after) => silent(start + minutes(after), 'below')),
  },
  {
    ...about,
    title: 'is silent when one request in three failed',
    series: requests([[120, 10, 2]], [[120, 10, 1]]),
    expect: [silent(start + minutes(70), 'below'), silent(start + minutes(110), 'below')],
  },
  {
    ...about,
    title: 'pages when forty requests an hour fail',
    series: requests([[120, 1, 0]], [[120, 3, 2]]),
    expect: [{ at: start + minutes(100), fires }],
  },
  {
    ...about,
    title: 'leaves more requests to the burn rates',
    series: requests([[120, 1, 0]], [[120, 3, 4]]),
    expect: [silent(start + minutes(100), 'below')],
  },
  {
    ...about,
    title: 'is silent without requests',
    series: { [series('200', '')]: '7x480', [series('503', '503')]: '3x480' },
    expect: [silent(hours(1), 'no traffic'), silent(hours(2), 'no traffic')],
  },
]

const recorded = (record: string) =>
  `objective:${record}:increase5m{namespace="shop", objective="products-availability", kind="availability"}`
const events = recorded('events')
const bad = recorded('bad')

/** A month of requests and three days, a thousand each quarter of a day, of which on each day so many fail. */
const month = (failures: (day: number) => number) => ({
  [events]: '1000x132',
  [bad]: Array.from({ length: 33 }, (_, day) => `${failures(day)}x3`).join(' '),
})

export const budgetScenarios: Scenario[] = [
  {
    alert: 'ShopErrorBudgetNearlySpent',
    given: true,
    title:
      'fires when 6 % of the budget is left, spent three weeks ago, and ends when some of it is older than a month',
    interval: '6h',
    series: month((day) => (day < 9 ? 3.1 : 0)),
    expect: [
      {
        at: hours(714),
        fires: [{ objective: 'products-availability', kind: 'availability' }],
        description: 'products-availability: 6.376% is left of the budget of 30d.',
      },
      silent(hours(714 + 48)),
    ],
  },
  {
    alert: 'ShopErrorBudgetNearlySpent',
    given: true,
    title: 'is silent when 12 % is left',
    interval: '6h',
    series: month((day) => (day < 9 ? 2.9 : 0)),
    expect: [silent(hours(714), 'below')],
  },
  {
    alert: 'ShopErrorBudgetNearlySpent',
    given: true,
    title: 'is silent when all of it was spent more than 30 days ago',
    interval: '6h',
    series: {
      [events]: '1000x250',
      [bad]: '9x116 0x127',
    },
    expect: [silent(hours(1434))],
  },
  {
    alert: 'ShopErrorBudgetNearlySpent',
    title: 'is silent without requests',
    interval: '6h',
    series: { 'objective:events:increase5m{namespace="shop", objective="products-availability"}': '0x100' },
    given: true,
    expect: [silent(hours(48), 'no traffic')],
  },
]
