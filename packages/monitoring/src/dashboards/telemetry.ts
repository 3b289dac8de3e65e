import { dashboard } from '../dashboard.ts'
import { logs, ofSeries, runbook } from '../links.ts'
import { objectives } from '../objectives.ts'
import { badFrom, logRate, timeSeries, type Unit } from '../panels.ts'
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
        'sum by (job) (process_resident_memory_bytes{job=~".*(prometheus|alertmanager|loki|promtail|jaeger).*"})',
        '{{job}}',
        'stack',
      ),
    ],
  },
])
