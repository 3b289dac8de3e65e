import { dashboard } from '../dashboard.ts'
import { logs, ofSeries, runbook } from '../links.ts'
import { objectives } from '../objectives.ts'
import { badFrom, logRate, type Query, timeSeries, type Unit } from '../panels.ts'
import { requestRate, selector } from '../queries.ts'
import { entryService, innerServices } from '../shared-names.ts'

const range = '$__rate_interval'
const own = (...more: string[]) => selector('app=~"$service"', ...more)
const legend = '{{app}}'
const exportLines = logs('What the exporter of spans says', `app=~"..*"`, ' |= "traces"')
const exported = (...more: string[]) =>
  `sum by (app) (rate(otel_sdk_exporter_span_exported_total${own(...more)}[${range}]))`

const ofService = (title: string, description: string, unit: Unit, expr: string, bad?: { from: number; see: string }) =>
  timeSeries({
    title,
    description,
    unit,
    queries: [{ expr, legend }],
    links: bad ? [...ofSeries, runbook(bad.see)] : ofSeries,
    ...(bad && { colours: badFrom(bad.from) }),
  })

/** Of the stack's own programs, whatever namespace they are in. */
const ofStack = (title: string, description: string, unit: Unit, expr: string, by = 'all', filledBy?: 'stack') =>
  timeSeries({
    title,
    description,
    unit,
    queries: [{ expr, legend: by }],
    links: [runbook('ShopDeadMansSwitch')],
    ...(filledBy && { filledBy }),
  })

/** Of every OpenTelemetry Collector, whatever namespace it is in. */
const ofCollector = (
  title: string,
  description: string,
  unit: Unit,
  queries: Query[],
  { see, from, filledBy = 'collector' }: { see: string; from?: number; filledBy?: 'collector' | 'browser' },
) =>
  timeSeries({
    title,
    description,
    unit,
    queries,
    links: [runbook(see)],
    filledBy,
    ...(from !== undefined && { colours: badFrom(from) }),
  })

const perSecond = (by: string, metric: string) => `sum by (${by}) (rate(${metric}{}[${range}]))`

const received = (metric: string) => `sum by (app) (rate(${metric}${own(`app=~"${innerServices}"`)}[${range}]))`
const told = `process_clock_seconds${own()}`

/** Whether metrics, lines and traces arrive, and what they cost. */
export const telemetry = dashboard('telemetry', 'Whether metrics, log lines and traces arrive, and what they cost.', [
  {
    title: 'Traces',
    height: 8,
    panels: [
      ofService('Spans', 'A second, that a service sends.', 'ops', exported()),
      timeSeries({
        title: 'Spans lost',
        description: 'Share of the spans that were dropped, or that the receiver did not take.',
        unit: 'percentunit',
        queries: [
          ...(['dropped', 'failure'] as const).map((outcome) => ({
            expr: `(${exported(`outcome="${outcome}"`)} or 0 * ${exported()}) / (${exported()} > 0)`,
            legend: `{{app}} ${outcome}`,
          })),
        ],
        links: [exportLines, runbook('ShopSpansLost'), runbook('ShopSpanExportFails')],
        colours: badFrom(objectives.spans.share),
      }),
      timeSeries({
        title: 'Spans of a request',
        description: 'Of all services, by requests at the gateway: what a request costs in traces.',
        unit: 'short',
        queries: [{ expr: `sum(${exported()}) / (sum(${requestRate(entryService, range)}) > 0)`, legend: 'spans' }],
        links: [exportLines, runbook('ShopSpansLost')],
      }),
      ofService(
        'Requests without a trace',
        'Share of the requests to a service that only others of the shop call; their traces begin in the middle.',
        'percentunit',
        `${received('http_server_requests_without_parent_total')} / (${received('http_server_request_duration_seconds_count')} > 0)`,
        { from: objectives.traceContext.share, see: 'ShopTraceContextLost' },
      ),
    ],
  },
  {
    title: 'Log lines',
    height: 8,
    panels: [
      logRate({
        title: 'Lines by service',
        description: 'A second.',
        unit: 'ops',
        queries: [{ expr: `sum by (app) (rate(${own()}[$__auto]))`, legend }],
        links: [...ofSeries, runbook('ShopNoLogs'), runbook('ShopLogBurst')],
      }),
      logRate({
        title: 'Volume by service',
        description: 'Bytes a second, as they are stored before compression.',
        unit: 'Bps',
        queries: [{ expr: `sum by (app) (bytes_rate(${own()}[$__auto]))`, legend }],
        links: ofSeries,
      }),
      ofService(
        'Clocks',
        "How far the clock that stamps the lines of a service is off Prometheus' clock, in the worst of its pods.",
        's',
        `clamp_min(max by (app) (abs(${told} - timestamp(${told})) - scrape_duration_seconds${own()}), 0)`,
        { from: objectives.clock.seconds, see: 'ShopClockSkewed' },
      ),
      ofStack(
        'Bytes that Loki receives',
        'A second, of all that is logged to it.',
        'Bps',
        `sum(rate(loki_distributor_bytes_received_total{}[${range}]))`,
        'bytes',
        'stack',
      ),
    ],
  },
  {
    title: 'Metrics of the services',
    height: 8,
    panels: [
      ofService(
        'Series by scrape',
        'Samples that one scrape of a pod brings: the cost of its metrics.',
        'none',
        `max by (app) (scrape_samples_post_metric_relabeling${own()})`,
        { from: objectives.targets.large.samples, see: 'ShopScrapeTooLarge' },
      ),
      ofService(
        'Time of a scrape',
        'The longest of the pods of a service.',
        's',
        `max by (app) (scrape_duration_seconds${own()})`,
        { from: objectives.targets.slow.seconds, see: 'ShopScrapeSlow' },
      ),
      timeSeries({
        title: 'Age of samples of the database',
        description: 'How long ago a gauge that the database knows was read.',
        unit: 's',
        queries: [
          { expr: `max by (app, sample) (database_sample_age_seconds${selector()})`, legend: '{{app}} {{sample}}' },
        ],
        links: [...ofSeries, runbook('ShopDatabaseNotSampled')],
        colours: badFrom(objectives.databaseNotSampled.seconds),
      }),
    ],
  },
  {
    title: 'OpenTelemetry Collector',
    height: 8,
    panels: [
      ofCollector(
        'Spans that Collectors take and refuse',
        'A second, by what they came to. What is refused is tried again by who sent it, for a while.',
        'ops',
        [
          { expr: perSecond('job', 'otelcol_receiver_accepted_spans'), legend: '{{job}} takes' },
          { expr: perSecond('job', 'otelcol_receiver_refused_spans'), legend: '{{job}} refuses' },
        ],
        { see: 'ShopCollectorRefuses' },
      ),
      ofCollector(
        'Traces kept and let go',
        'A second, of those that are decided, ten seconds after their first span.',
        'ops',
        [
          {
            expr: perSecond('sampled', 'otelcol_processor_tail_sampling_global_count_traces_sampled'),
            legend: 'kept: {{sampled}}',
          },
        ],
        { see: 'ShopCollectorLosesData' },
      ),
      ofCollector(
        'Queues of Collectors',
        'Share that is full; what does not fit is dropped.',
        'percentunit',
        [
          {
            expr: 'max by (job, exporter) (otelcol_exporter_queue_size{} / otelcol_exporter_queue_capacity{})',
            legend: '{{job}} {{exporter}}',
          },
        ],
        { see: 'ShopCollectorQueueFills', from: objectives.collector.queue.share },
      ),
      ofCollector(
        'Browsers that wait',
        'Share of what a person did for which the browser waited longer than a second: counted from its spans before any is let go, for nobody scrapes a browser.',
        'percentunit',
        [
          {
            expr: `1 - sum by (span_name) (rate(browser_duration_seconds_bucket{span_kind="SPAN_KIND_INTERNAL", le=~"1|1.0"}[${range}])) / sum by (span_name) (rate(browser_duration_seconds_count{span_kind="SPAN_KIND_INTERNAL"}[${range}]))`,
            legend: '{{span_name}}',
          },
        ],
        { see: 'ShopSpansLost', filledBy: 'browser' },
      ),
    ],
  },
  {
    title: 'Stack',
    height: 8,
    panels: [
      ofStack(
        'Series that Prometheus holds',
        'In memory; a steady slope is a label without a bound.',
        'none',
        'sum(prometheus_tsdb_head_series{})',
        'series',
        'stack',
      ),
      ofStack(
        'Samples that Prometheus takes in',
        'A second.',
        'ops',
        `sum(rate(prometheus_tsdb_head_samples_appended_total{}[${range}]))`,
        'samples',
        'stack',
      ),
      ofStack(
        'Time of the rules',
        'Of the last evaluation, the slowest group of all.',
        's',
        'max(prometheus_rule_group_last_duration_seconds{})',
        'slowest',
        'stack',
      ),
      ofStack(
        'Memory of the stack',
        'Resident, by program.',
        'bytes',
        'sum by (job) (process_resident_memory_bytes{job=~".*(prometheus|alertmanager|loki|promtail|jaeger).*"}) or sum by (job) (otelcol_process_memory_rss{})',
        '{{job}}',
        'stack',
      ),
    ],
  },
])
