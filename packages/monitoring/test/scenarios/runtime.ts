import { counter, gauge, hours, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const fires = [{ app: 'order' }]
const pod = 'namespace="shop", app="order", pod="a"'

/** A heap of which 100 bytes are the limit. */
const heap = (values: string) => ({
  [`nodejs_heap_size_used_bytes{${pod}}`]: values,
  [`nodejs_heap_size_limit_bytes{${pod}}`]: '100x1000',
})

const growth: Scenario[] = [
  {
    alert: 'ShopHeapGrowth',
    title: 'fires 20 minutes after the heap grew to more than half, and ends an hour after it did',
    interval,
    series: heap(gauge([240, 40], [480, 60])),
    expect: [
      silent(hours(1) + minutes(19)),
      {
        at: hours(1) + minutes(21),
        fires,
        description: 'As the heap of a pod of order grew in 1h, it will have 170.5% of its limit in 4 hours.',
      },
      { at: hours(1) + minutes(45), fires },
      silent(hours(2) + minutes(5)),
    ],
  },
  {
    alert: 'ShopHeapGrowth',
    title: 'fires when it will be full in a little less than four hours',
    interval,
    series: heap('60+0.05x400'),
    expect: [{ at: minutes(61), fires }],
  },
  {
    alert: 'ShopHeapGrowth',
    title: 'is silent while it will be full in six hours',
    interval,
    series: heap('60+0.025x480'),
    expect: [silent(hours(1), 'below'), silent(hours(2), 'below')],
  },
  {
    alert: 'ShopHeapGrowth',
    title: 'is silent while collections leave less than half of it',
    interval,
    series: heap(gauge([60, 20], [60, 30], [60, 40], [60, 49])),
    expect: [silent(minutes(40), 'below'), silent(hours(1), 'below')],
  },
]

const collecting = (major: [number, number][], minor: [number, number][]) => ({
  [`nodejs_gc_duration_seconds_sum{${pod}, kind="major"}`]: counter(...major),
  [`nodejs_gc_duration_seconds_sum{${pod}, kind="minor"}`]: counter(...minor),
})

const garbage: Scenario[] = [
  {
    alert: 'ShopGarbageCollection',
    title: 'fires when collections of all kinds have taken a fifth of the time for minutes, and ends minutes after',
    interval,
    series: collecting(
      [
        [40, 0],
        [60, 2.25],
        [60, 0],
      ],
      [
        [40, 0],
        [60, 0.75],
        [60, 0],
      ],
    ),
    expect: [
      silent(600 + minutes(7)),
      {
        at: 600 + minutes(8),
        fires,
        description: 'A pod of order collects garbage for 20% of the time.',
      },
      { at: 1500 + 120, fires },
      silent(1500 + 180),
    ],
  },
  {
    alert: 'ShopGarbageCollection',
    title: 'is silent at 8 %, and about two pods with 6 % each',
    interval,
    series: {
      ...collecting([[80, 0.9]], [[80, 0.3]]),
      'nodejs_gc_duration_seconds_sum{namespace="shop", app="product", pod="b", kind="major"}': counter([80, 0.9]),
      'nodejs_gc_duration_seconds_sum{namespace="shop", app="product", pod="c", kind="major"}': counter([80, 0.9]),
    },
    expect: [silent(900, 'below'), silent(1190, 'below')],
  },
]

const processor = (name: string, app: string, ...stretches: [number, number][]) => ({
  [`process_cpu_seconds_total{namespace="shop", app="${app}", pod="${name}"}`]: counter(...stretches),
})

const busy: Scenario[] = [
  {
    alert: 'ShopCpuBusy',
    title: 'fires when a process has used nearly a whole core for minutes, and ends when it does not',
    interval,
    series: processor('a', 'order', [40, 3], [40, 14.25], [40, 3]),
    expect: [
      silent(600 + 150),
      { at: 600 + 165, fires, description: 'A process of order uses 95% of a core.' },
      { at: 1200, fires },
      silent(1200 + 15),
    ],
  },
  {
    alert: 'ShopCpuBusy',
    title: 'is silent at 75 %, about two pods with 60 % each, and about what is no process of Node',
    interval,
    series: {
      ...processor('a', 'order', [80, 11.25]),
      ...processor('b', 'product', [80, 9]),
      ...processor('c', 'product', [80, 9]),
      ...processor('d', 'postgres', [80, 15]),
    },
    expect: [silent(minutes(10), 'below'), silent(minutes(19), 'below')],
  },
  {
    alert: 'ShopCpuBusy',
    title: 'is silent about a minute in which a process that starts uses two cores, and about two minutes with one',
    interval,
    series: {
      ...processor('a', 'order', [4, 30], [80, 3]),
      ...processor('b', 'product', [40, 3], [8, 15], [40, 3]),
    },
    expect: [60, 90, 120, 180, 720, 735, 750, 765, 780].map((at) => silent(at, 'below')),
  },
]

export const runtimeScenarios: Scenario[] = [...growth, ...garbage, ...busy]
