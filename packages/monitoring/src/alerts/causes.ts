import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** What is wrong between services and within them, before or behind what a caller notices. */
export function causeAlerts(names: Names, { breaker, retries, eventLoop, spans }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const between = 'sum by (app, server_address)'
  const resent = `${between} (increase(http_client_retries_total{${here}}[${retries.window}]))`
  const attempts = `${between} (increase(http_client_request_duration_seconds_count{${here}}[${retries.window}]))`
  const ended = (matchers: string) =>
    `sum by (app) (increase(otel_sdk_exporter_span_exported_total{${here}${matchers}}[${spans.window}]))`
  const share = (outcome: string) => `${ended(`, outcome="${outcome}"`)} / (${ended('')} > 0) > ${spans.share}`
  return [
    alertRule(names, {
      name: 'ShopBreakerOpen',
      severity: 'warning',
      // Open for a second at a time, so that single samples miss it.
      expr: `min by (app, server_address) (avg_over_time(http_client_breaker_state{${here}, state="closed"}[${breaker.window}])) < ${breaker.closed}`,
      for: breaker.for,
      summary: 'A service turns calls of another one away at once.',
      description:
        'The breaker of {{ $labels.app }} for {{ $labels.server_address }} was closed for only {{ $value | humanizePercentage }} of the time.',
      app: appLabel,
    }),
    alertRule(names, {
      name: 'ShopRetryStorm',
      severity: 'warning',
      expr: `${resent} / (${attempts} > 0) > ${retries.share} and ${resent} >= ${retries.minimum}`,
      for: retries.for,
      summary: 'Many calls of an upstream are repetitions.',
      description:
        '{{ $value | humanizePercentage }} of the calls from {{ $labels.app }} to {{ $labels.server_address }} are repetitions.',
      app: appLabel,
    }),
    alertRule(names, {
      name: 'ShopEventLoopLag',
      severity: 'warning',
      expr: `max by (app) (nodejs_eventloop_lag_p99_seconds{${here}}) > ${eventLoop.seconds}`,
      for: eventLoop.for,
      summary: 'The event loop of a service is held up.',
      description:
        'What is due in a pod of {{ $labels.app }} waits up to {{ $value | humanizeDuration }} for its turn.',
      app: appLabel,
    }),
    alertRule(names, {
      name: 'ShopSpansLost',
      severity: 'warning',
      expr: share('dropped'),
      for: spans.for,
      summary: 'A service makes more spans than it sends.',
      description:
        '{{ $value | humanizePercentage }} of the spans of {{ $labels.app }} were dropped before they were sent.',
      app: appLabel,
      dashboard: 'telemetry',
    }),
    alertRule(names, {
      name: 'ShopSpanExportFails',
      severity: 'warning',
      expr: share('failure'),
      for: spans.for,
      summary: 'A service cannot send its spans.',
      description: 'The receiver did not take {{ $value | humanizePercentage }} of the spans of {{ $labels.app }}.',
      app: appLabel,
      dashboard: 'telemetry',
    }),
  ]
}
