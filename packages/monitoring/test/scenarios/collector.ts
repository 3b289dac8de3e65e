import { counter, gauge, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const gateway = 'job="opentelemetry-collector-gateway", pod="opentelemetry-collector-gateway-0"'

/** Spans each 15 seconds, by stretches of [samples, accepted, refused]. */
const spans = (...stretches: [number, number, number][]) => ({
  [`otelcol_receiver_accepted_spans{${gateway}, receiver="otlp", transport="grpc"}`]: counter(
    ...stretches.map(([samples, accepted]): [number, number] => [samples, accepted]),
  ),
  [`otelcol_receiver_refused_spans{${gateway}, receiver="otlp", transport="grpc"}`]: counter(
    ...stretches.map(([samples, , refused]): [number, number] => [samples, refused]),
  ),
})

const refusing = [{ job: 'opentelemetry-collector-gateway', receiver: 'otlp' }]

const refuses: Scenario[] = [
  {
    alert: 'ShopCollectorRefuses',
    title: 'fires when three spans in two hundred are refused for minutes, and ends when none is',
    interval,
    series: spans([40, 985, 0], [60, 985, 15], [60, 985, 0]),
    expect: [
      silent(1080),
      {
        at: 1140,
        fires: refusing,
        description: 'opentelemetry-collector-gateway refuses 1.5% of the spans that come by otlp.',
      },
      { at: 1500, fires: refusing },
      silent(1635),
    ],
  },
  {
    alert: 'ShopCollectorRefuses',
    title: 'is silent about eight spans in a thousand',
    interval,
    series: spans([40, 992, 0], [100, 992, 8]),
    expect: [silent(1200, 'below'), silent(2000, 'below')],
  },
  {
    alert: 'ShopCollectorRefuses',
    title: 'fires where none is accepted at all',
    interval,
    series: {
      [`otelcol_receiver_refused_spans{${gateway}, receiver="otlp", transport="grpc"}`]: counter([100, 15]),
    },
    expect: [{ at: 1200, fires: refusing }],
  },
  {
    alert: 'ShopCollectorRefuses',
    title: 'is silent where nobody counts what is refused',
    interval,
    series: {
      [`otelcol_receiver_accepted_spans{${gateway}, receiver="otlp", transport="grpc"}`]: counter([100, 15]),
    },
    expect: [silent(1200, 'missing series')],
  },
]

/** Of an exporter, dropped each 15 seconds, by stretches of [samples, dropped]. */
const dropped = (how: string, signal: string, exporter: string, ...stretches: [number, number][]) => ({
  [`otelcol_exporter_${how}_failed_${signal}{${gateway}, exporter="${exporter}"}`]: counter(...stretches),
})
const loses = (exporter: string) => [{ job: 'opentelemetry-collector-gateway', exporter }]

const lost: Scenario[] = [
  {
    alert: 'ShopCollectorLosesData',
    title: 'fires when spans are not taken by the queue, and ends when the last of them is five minutes ago',
    interval,
    series: dropped('enqueue', 'spans', 'otlp_grpc', [40, 0], [12, 10], [60, 0]),
    expect: [
      silent(645),
      {
        at: 690,
        fires: loses('otlp_grpc'),
        description: 'opentelemetry-collector-gateway dropped 60 that otlp_grpc was to send, in 5m.',
      },
      { at: 1050, fires: loses('otlp_grpc') },
      silent(1110),
    ],
  },
  ...[
    ['send', 'spans', 'otlp_grpc'],
    ['send', 'log_records', 'otlp_http'],
    ['enqueue', 'log_records', 'otlp_http'],
  ].map(
    ([how, signal, exporter]): Scenario => ({
      alert: 'ShopCollectorLosesData',
      title: `fires when ${signal} are dropped: ${how}`,
      interval,
      series: dropped(how!, signal!, exporter!, [60, 1]),
      expect: [{ at: 600, fires: loses(exporter!) }],
    }),
  ),
  {
    alert: 'ShopCollectorLosesData',
    title: 'fires when there was no count before, and ends',
    interval,
    series: { [`otelcol_exporter_send_failed_spans{${gateway}, exporter="otlp_grpc"}`]: '_x40 10x60' },
    expect: [silent(600), { at: 690, fires: loses('otlp_grpc') }, { at: 885, fires: loses('otlp_grpc') }, silent(930)],
  },
  {
    alert: 'ShopCollectorLosesData',
    title: 'is silent while none is dropped any more',
    interval,
    series: dropped('send', 'spans', 'otlp_grpc', [60, 0]),
    expect: [silent(600, 'below')],
  },
]

/** Bytes in a queue of a hundred, by stretches of [samples, bytes]. */
const queue = (...stretches: [number, number][]) => ({
  [`otelcol_exporter_queue_size{${gateway}, exporter="otlp_grpc"}`]: gauge(...stretches),
  [`otelcol_exporter_queue_capacity{${gateway}, exporter="otlp_grpc"}`]: '100x200',
})
const fills = loses('otlp_grpc')

const queues: Scenario[] = [
  {
    alert: 'ShopCollectorQueueFills',
    title: 'fires when a queue is more than half full for two minutes, and ends when it is emptied',
    interval,
    series: queue([40, 5], [40, 60], [40, 30]),
    expect: [
      silent(705),
      {
        at: 735,
        fires: fills,
        description: 'The queue of otlp_grpc in opentelemetry-collector-gateway is 60% full.',
      },
      { at: 1170, fires: fills },
      silent(1230),
    ],
  },
  {
    alert: 'ShopCollectorQueueFills',
    title: 'is silent about a queue that is 40 % full',
    interval,
    series: queue([80, 40]),
    expect: [silent(1100, 'below')],
  },
]

export const collectorScenarios: Scenario[] = [...refuses, ...lost, ...queues]
