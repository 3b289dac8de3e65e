import { dashboard } from '../dashboard.ts'
import { errorLogs, ofSeries, runbook, seriesLabel, toDashboard, traces, variable } from '../links.ts'
import { objectives } from '../objectives.ts'
import { badFrom, logLines, logRate, recentTraces, stat, timeSeries } from '../panels.ts'
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
} from '../queries.ts'

const app = '$service'
const range = '$__rate_interval'
const legend = '{{app}}'
const container = '{{container}}'
const ofContainer = toDashboard('service', { service: seriesLabel('container') })

const quantile = (percentile: number) =>
  timeSeries({
    title: `Response time p${percentile}`,
    description: `${percentile} of 100 requests took at most this time until they were answered, or abandoned by their client. A point is one request: click it for its trace.`,
    unit: 's',
    queries: [{ expr: responseTime(percentile / 100, app, range), legend }],
    links: ofSeries,
    colours: badFrom(objectives.latencySeconds.orders),
    exemplars: true,
  })

/** Rate, errors and duration of every service, the resources they take, and the lines and traces behind them. */
export const microservices = dashboard(
  'microservices',
  'Requests, errors, response times and resources by service, with the log lines and traces behind them.',
  [
    {
      title: 'Now',
      height: 5,
      panels: [
        stat({
          title: 'Pods',
          description: "Pods of services that answer Prometheus; the database's exporter is none of them.",
          unit: 'none',
          queries: [{ expr: podsUp(app), legend }],
          links: [...ofSeries, runbook('ShopServiceDown')],
        }),
        stat({
          title: 'Request rate',
          description: 'Requests a second.',
          unit: 'reqps',
          queries: [{ expr: requestRate(app, range), legend }],
          links: ofSeries,
        }),
        stat({
          title: 'Error ratio',
          description: 'Share of answers that were 5xx; red from the share that the objective allows.',
          unit: 'percentunit',
          queries: [{ expr: errorRatio(app, range), legend }],
          colours: badFrom(objectives.budgets.availability),
          links: [...ofSeries, errorLogs],
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
          queries: [{ expr: requestRate(app, range), legend }],
          links: ofSeries,
        }),
        timeSeries({
          title: 'Error rate',
          description: "Share of answers that were 5xx. A 4xx is the caller's error and does not count.",
          unit: 'percentunit',
          queries: [{ expr: errorRatio(app, range), legend }],
          colours: badFrom(objectives.budgets.availability),
          links: [...ofSeries, errorLogs],
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
          queries: [{ expr: processorUse(app, range), legend: container }],
          links: [ofContainer],
          filledBy: 'kubernetes',
        }),
        timeSeries({
          title: 'Memory',
          description: 'Working set, all pods of a service together.',
          unit: 'bytes',
          queries: [{ expr: memoryUse(app), legend: container }],
          links: [ofContainer],
          filledBy: 'kubernetes',
        }),
        timeSeries({
          title: 'Memory of its limit',
          description: 'At 100 % the kernel kills the container (OOMKilled). The fullest pod of each service.',
          unit: 'percentunit',
          queries: [{ expr: memoryShareOfLimit(app), legend: container }],
          links: [ofContainer],
          max: 1,
          filledBy: 'kubernetes',
        }),
      ],
    },
    {
      title: 'Logs',
      height: 8,
      panels: [
        logRate({
          title: 'Lines by level',
          description: 'Log lines a second.',
          unit: 'ops',
          queries: [{ expr: linesByLevel(app, '$__auto'), legend: '{{level}}' }],
          links: [errorLogs],
        }),
        logLines({
          title: 'Error Logs',
          description: 'Lines of level error and fatal. Open one: its trace_id leads to the trace.',
          expr: errorLines(app),
          links: [errorLogs],
          filledBy: 'error',
        }),
      ],
    },
    {
      title: 'Traces',
      height: 9,
      panels: [
        recentTraces({
          title: 'Recent traces',
          description: 'The latest requests that the service chosen above took part in.',
          service: '$traces',
          links: [traces(`Traces of ${variable('traces')}`, variable('traces'))],
        }),
      ],
    },
  ],
)
