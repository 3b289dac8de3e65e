import { dashboard } from '../dashboard.ts'
import { logs, ofSeries, toDashboard, traces } from '../links.ts'
import { objectives } from '../objectives.ts'
import { badFrom, timeSeries, type Unit } from '../panels.ts'
import { errorRatio, requestRate, selector } from '../queries.ts'
import { entryService } from '../shared-names.ts'

const range = '$__rate_interval'
const errors = logs('Errors in the logs', 'level=~"error|fatal"')
const ofGateway = traces('Traces of the gateway', entryService)
const rate = (metric: string, by = '') => `sum ${by && `by (${by}) `}(rate(${metric}{}[${range}]))`

const ofTest = (title: string, description: string, unit: Unit, expr: string, legend: string, limit?: number) =>
  timeSeries({
    title,
    description,
    unit,
    queries: [{ expr, legend }],
    links: [errors, ofGateway],
    filledBy: 'loadTest',
    colours: limit === undefined ? undefined : badFrom(limit),
  })

/** What k6 asks for, what it gets, and what the shop makes of it. */
export const loadTest = dashboard(
  'loadTest',
  'What k6 asks for (make load-test, beside a Prometheus), what it gets, and what the shop makes of it.',
  [
    {
      title: 'Load',
      height: 8,
      panels: [
        ofTest(
          'Virtual users',
          'That k6 has at work; more of them at a steady rate means that answers take longer.',
          'none',
          'sum(k6_vus{})',
          'users',
        ),
        ofTest('Visits', 'Begun and ended a second.', 'ops', rate('k6_iterations_total'), 'visits'),
        ofTest(
          'Requests sent',
          'A second, by method and status of the answer.',
          'reqps',
          rate('k6_http_reqs_total', 'method, status'),
          '{{method}} {{status}}',
        ),
      ],
    },
    {
      title: 'As the users see it',
      height: 8,
      panels: [
        ofTest(
          'Response time p99',
          'Of requests, measured by k6; the line is what is promised for orders.',
          's',
          'max by (name) (k6_http_req_duration_p99{})',
          '{{name}}',
          objectives.latencySeconds.orders,
        ),
        ofTest(
          'Requests that failed',
          'Share, as k6 counts.',
          'percentunit',
          'max(k6_http_req_failed_rate{})',
          'failed',
          objectives.budgets.availability,
        ),
        ofTest(
          'Checks that hold',
          'Share of what k6 expects of the answers.',
          'percentunit',
          'min by (check) (k6_checks_rate{})',
          '{{check}}',
        ),
      ],
    },
    {
      title: 'As the shop sees it',
      height: 8,
      panels: [
        timeSeries({
          title: 'Requests at the services',
          description: 'A second.',
          unit: 'reqps',
          queries: [{ expr: requestRate('..*', range), legend: '{{app}}' }],
          links: [...ofSeries, toDashboard('overview')],
        }),
        timeSeries({
          title: 'Error ratio of the services',
          description: 'Share of answers that were 5xx; the line is what the objective allows.',
          unit: 'percentunit',
          queries: [{ expr: errorRatio('..*', range), legend: '{{app}}' }],
          links: [...ofSeries, errors],
          colours: badFrom(objectives.budgets.availability),
        }),
        timeSeries({
          title: 'Event loop lag p99',
          description: 'The pod of each service where what is due waits longest.',
          unit: 's',
          queries: [{ expr: `max by (app) (nodejs_eventloop_lag_p99_seconds${selector()})`, legend: '{{app}}' }],
          links: ofSeries,
          colours: badFrom(objectives.eventLoop.seconds),
        }),
        timeSeries({
          title: 'Processor of the services',
          description: 'Cores in use, all pods of a service together.',
          unit: 'cores',
          queries: [
            { expr: `sum by (app) (rate(process_cpu_seconds_total${selector()}[${range}]))`, legend: '{{app}}' },
          ],
          links: ofSeries,
        }),
      ],
    },
  ],
)
