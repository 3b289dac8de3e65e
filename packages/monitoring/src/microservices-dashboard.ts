import {
  dashboard,
  labelVariable,
  logLines,
  logRate,
  recentTraces,
  singleLabelVariable,
  stat,
  timeSeries,
} from './grafana.ts'
import {
  errorLines,
  errorRatio,
  linesByLevel,
  memoryShareOfLimit,
  memoryUse,
  podsUp,
  processorUse,
  requestRate,
  responseTime,
} from './queries.ts'
import { dashboards, entryService, namespace } from './shared-names.ts'

const app = '$service'
const range = '$__rate_interval'
const byService = '{{app}}'
const byContainer = '{{container}}'

const quantile = (percentile: number) =>
  timeSeries({
    title: `Response time p${percentile}`,
    description: `${percentile} of 100 requests took at most this time until they were answered, or abandoned by their client. A point is one request: click it for its trace.`,
    unit: 's',
    queries: [{ expr: responseTime(percentile / 100, app, range), legend: byService }],
    exemplars: true,
  })

/** Rate, errors and duration of every service, the resources they take, and the lines and traces behind them. */
export const microservicesDashboard = dashboard({
  ...dashboards.microservices,
  description: 'Requests, errors, response times and resources by service, with the log lines and traces behind them.',
  variables: [
    labelVariable('service', 'Service', `up{namespace="${namespace}", app!=""}`, 'app'),
    singleLabelVariable(
      'traces',
      'Traces of',
      `http_server_request_duration_seconds_count{namespace="${namespace}"}`,
      'app',
      entryService,
    ),
  ],
  rows: [
    {
      title: 'Now',
      height: 5,
      panels: [
        stat({
          title: 'Pods',
          description: 'Pods that answer Prometheus.',
          unit: 'short',
          queries: [{ expr: podsUp(app), legend: byService }],
        }),
        stat({
          title: 'Request rate',
          description: 'Requests a second.',
          unit: 'reqps',
          queries: [{ expr: requestRate(app, '1m'), legend: byService }],
        }),
        stat({
          title: 'Error ratio',
          description: 'Share of answers that were 5xx.',
          unit: 'percentunit',
          queries: [{ expr: errorRatio(app, '1m'), legend: byService }],
          limit: 0.01,
        }),
      ],
    },
    {
      title: 'Requests',
      height: 8,
      panels: [
        timeSeries({
          title: 'Service Request Rate',
          description: 'Requests a second that each service got.',
          unit: 'reqps',
          queries: [{ expr: requestRate(app, range), legend: byService }],
        }),
        timeSeries({
          title: 'Error rate',
          description: "Share of answers that were 5xx. A 4xx is the caller's error and does not count.",
          unit: 'percentunit',
          queries: [{ expr: errorRatio(app, range), legend: byService }],
          limit: 0.01,
        }),
      ],
    },
    { title: 'Response time', height: 8, panels: [quantile(50), quantile(95), quantile(99)] },
    {
      title: 'Resources',
      height: 8,
      panels: [
        timeSeries({
          title: 'Processor',
          description: 'Cores in use, all pods of a service together.',
          unit: 'cores',
          queries: [{ expr: processorUse(app, range), legend: byContainer }],
        }),
        timeSeries({
          title: 'Memory',
          description: 'Working set, all pods of a service together.',
          unit: 'bytes',
          queries: [{ expr: memoryUse(app), legend: byContainer }],
        }),
        timeSeries({
          title: 'Memory of its limit',
          description: 'At 100 % the kernel kills the container (OOMKilled). The fullest pod of each service.',
          unit: 'percentunit',
          queries: [{ expr: memoryShareOfLimit(app), legend: byContainer }],
          limit: 0.9,
        }),
      ],
    },
    {
      title: 'Logs',
      height: 8,
      panels: [
        logRate('Lines by level', 'Log lines a second.', linesByLevel(app, '$__auto'), '{{level}}'),
        logLines(
          'Error Logs',
          'Lines of level error and fatal. Open one: its trace_id leads to the trace.',
          errorLines(app),
        ),
      ],
    },
    {
      title: 'Traces',
      height: 9,
      panels: [
        recentTraces('Recent traces', 'The latest requests that the service chosen above took part in.', '$traces'),
      ],
    },
  ],
})
