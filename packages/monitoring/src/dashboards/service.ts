import { dashboard } from '../dashboard.ts'
import { logs, runbook, traces, variable } from '../links.ts'
import { objectives } from '../objectives.ts'
import { badFrom, logLines, recentTraces, stateTimeline, timeSeries, type Unit } from '../panels.ts'
import { selector } from '../queries.ts'

const range = '$__rate_interval'
const lines = logs('Log lines', `app="${variable('service')}"`)
const warnings = logs('Warnings and errors', `app="${variable('service')}", level=~"warn|error|fatal"`)
const ofService = traces(`Traces of ${variable('service')}`, variable('service'))
const own = (...more: string[]) => selector('app="$service"', ...more)
const routed = (...more: string[]) => own('http_route=~"$route"', ...more)
const served = 'http_server_request_duration_seconds'
const called = 'http_client_request_duration_seconds'
const route = '{{http_request_method}} {{http_route}}'
const byRoute = 'sum by (http_request_method, http_route)'
const answered = 'http_response_status_code!=""'
const failed = 'http_response_status_code=~"5.."'

/** The share of failures, by what `by` says; 0, not nothing, where there are none. */
const share = (by: string, bad: string, all: string) => {
  const rate = (series: string) => `${by} (rate(${series}[${range}]))`
  return `(${rate(bad)} or 0 * ${rate(all)}) / ${rate(all)}`
}

const quantile = (percentile: number) =>
  timeSeries({
    title: `Response time p${percentile}`,
    description: `${percentile} of 100 requests took at most this time. A point is one request: click it for its trace.`,
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(${percentile / 100}, sum by (http_request_method, http_route, le) (rate(${served}_bucket${routed()}[${range}])))`,
        legend: route,
      },
    ],
    links: [lines, ofService],
    colours: badFrom(objectives.latencySeconds.orders),
    exemplars: true,
  })

const gauge = (title: string, description: string, unit: Unit, expr: string, alert?: string, limit?: number) =>
  timeSeries({
    title,
    description,
    unit,
    queries: [{ expr, legend: '{{instance}}' }],
    links: [warnings, ...(alert ? [runbook(alert)] : [])],
    colours: limit === undefined ? undefined : badFrom(limit),
  })

/** One service: its routes, what it calls, its database and its process. */
export const service = dashboard(
  'service',
  'One service: its routes, what it calls, its connections to the database and its process.',
  [
    {
      title: 'Requests',
      height: 8,
      panels: [
        timeSeries({
          title: 'Request rate',
          description: 'Requests a second by route.',
          unit: 'reqps',
          queries: [{ expr: `${byRoute} (rate(${served}_count${routed()}[${range}]))`, legend: route }],
          links: [lines, ofService],
        }),
        timeSeries({
          title: 'Error ratio',
          description: 'Share of answers that were 5xx, by route; the line is what the objective allows.',
          unit: 'percentunit',
          queries: [
            {
              expr: share(byRoute, `${served}_count${routed(failed)}`, `${served}_count${routed(answered)}`),
              legend: route,
            },
          ],
          links: [warnings, runbook('ShopErrorBudgetBurn')],
          colours: badFrom(objectives.budgets.availability),
        }),
        timeSeries({
          title: 'Answers by status',
          description: 'Answers a second; empty where the client went away before there was one.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (http_response_status_code) (rate(${served}_count${routed()}[${range}]))`,
              legend: '{{http_response_status_code}}',
            },
          ],
          links: [lines, ofService, runbook('ShopRateLimitBites')],
        }),
      ],
    },
    { title: 'Response time', height: 8, panels: [quantile(50), quantile(95), quantile(99)] },
    {
      title: 'Calls of others',
      height: 8,
      panels: [
        timeSeries({
          title: 'Calls',
          description: 'Attempts a second by the service that is called.',
          unit: 'reqps',
          queries: [
            { expr: `sum by (server_address) (rate(${called}_count${own()}[${range}]))`, legend: '{{server_address}}' },
          ],
          links: [warnings, ofService],
        }),
        timeSeries({
          title: 'Time of a call p95',
          description: '95 of 100 attempts took at most this time.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (server_address, le) (rate(${called}_bucket${own()}[${range}])))`,
              legend: '{{server_address}}',
            },
          ],
          links: [warnings, ofService],
          exemplars: true,
        }),
        timeSeries({
          title: 'Calls sent again',
          description: 'Repetitions a second, by the service that is called.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (server_address) (rate(http_client_retries_total${own()}[${range}]))`,
              legend: '{{server_address}}',
            },
          ],
          links: [warnings, runbook('ShopRetryStorm')],
        }),
        stateTimeline(
          {
            title: 'Circuit breakers',
            description: 'Open: calls are turned away at once. The worst of all pods.',
            unit: 'none',
            queries: [
              {
                expr: `max by (server_address) (2 * http_client_breaker_state${own('state="open"')} or http_client_breaker_state${own('state="half-open"')})`,
                legend: '{{server_address}}',
              },
            ],
            links: [warnings, runbook('ShopBreakerOpen')],
          },
          {
            0: { text: 'closed', color: 'green' },
            1: { text: 'half-open', color: 'orange' },
            2: { text: 'open', color: 'red' },
          },
        ),
      ],
    },
    {
      title: 'Database',
      height: 8,
      panels: [
        timeSeries({
          title: 'Connections of the pool',
          description: 'Used and idle, all pods together, and how many there may be.',
          unit: 'none',
          queries: [
            { expr: `sum by (state) (db_client_connection_count${own()})`, legend: '{{state}}' },
            { expr: `sum(db_client_connection_max${own()})`, legend: 'most' },
          ],
          links: [warnings, runbook('ShopPoolExhausted')],
        }),
        timeSeries({
          title: 'Statements that wait',
          description: 'For a connection, in the pod where most do.',
          unit: 'none',
          queries: [{ expr: `max(db_client_connection_pending_requests${own()})`, legend: 'waiting' }],
          links: [warnings, runbook('ShopPoolExhausted')],
          colours: badFrom(objectives.database.pool.waiting),
        }),
      ],
    },
    {
      title: 'Process',
      height: 8,
      panels: [
        timeSeries({
          title: 'Processor',
          description: 'Cores in use; one process of Node can hardly use more than one.',
          unit: 'cores',
          queries: [
            { expr: `sum by (instance) (rate(process_cpu_seconds_total${own()}[${range}]))`, legend: '{{instance}}' },
          ],
          links: [warnings, runbook('ShopCpuBusy'), runbook('ShopEventLoopLag')],
          colours: badFrom(objectives.processor.share),
        }),
        gauge(
          'Event loop lag p99',
          'How long what is due waits for its turn; all requests of the process wait with it.',
          's',
          `max by (instance) (nodejs_eventloop_lag_p99_seconds${own()})`,
          'ShopEventLoopLag',
          objectives.eventLoop.seconds,
        ),
        gauge(
          'Resident memory',
          'Of the process, as the kernel counts it.',
          'bytes',
          `max by (instance) (process_resident_memory_bytes${own()})`,
        ),
        gauge(
          'Heap',
          'Of V8, in use, as a share of what there may be; a slope that no collection breaks is a leak.',
          'percentunit',
          `max by (instance) (nodejs_heap_size_used_bytes${own()} / nodejs_heap_size_limit_bytes${own()})`,
          'ShopHeapGrowth',
          objectives.heap.share,
        ),
        gauge(
          'Garbage collection',
          'Share of the time; the process does nothing else meanwhile.',
          'percentunit',
          `sum by (instance) (rate(nodejs_gc_duration_seconds_sum${own()}[${range}]))`,
          'ShopGarbageCollection',
          objectives.garbage.share,
        ),
      ],
    },
    {
      title: 'Lines and traces',
      height: 9,
      panels: [
        logLines({
          title: 'Log lines of the service',
          description: 'Newest first. Open one: its trace_id leads to the trace.',
          expr: own(),
          links: [lines],
        }),
        recentTraces({
          title: 'Recent traces',
          description: 'The latest requests that the service took part in.',
          service: '$service',
          links: [ofService],
        }),
      ],
    },
  ],
  { service: 'order' },
)
