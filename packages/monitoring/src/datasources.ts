import type { Names } from './names.ts'

/** How often Prometheus scrapes; `$__rate_interval` is at least four times as long. */
const scrapeInterval = '15s'

// Grafana expands $NAME from its environment when it reads these, hence the doubled $.
const loki = (names: Names) => ({
  name: 'Loki',
  uid: names.loki.uid,
  type: 'loki',
  access: 'proxy',
  url: names.loki.url,
  isDefault: false,
  jsonData: {
    httpHeaderName1: 'X-Scope-OrgID',
    derivedFields: [
      {
        name: 'trace_id',
        matcherRegex: '"trace_id":"(\\w+)"',
        datasourceUid: names.jaeger.uid,
        url: '$${__value.raw}',
        urlDisplayLabel: 'View trace',
      },
    ],
  },
  // No secret: where Grafana reads the values of headers.
  secureJsonData: { httpHeaderValue1: names.loki.tenant },
})

const jaeger = (names: Names) => ({
  name: 'Jaeger',
  uid: names.jaeger.uid,
  type: 'jaeger',
  access: 'proxy',
  url: names.jaeger.url,
  isDefault: false,
  jsonData: {
    tracesToLogsV2: {
      datasourceUid: names.loki.uid,
      spanStartTimeShift: '-5m',
      spanEndTimeShift: '5m',
      filterByTraceID: false,
      // By the trace alone: Jaeger has the service's name in the process, not in the span's tags that a query may use.
      customQuery: true,
      query: `{namespace="${names.namespace}"} |= "$\${__span.traceId}"`,
    },
    tracesToMetrics: {
      datasourceUid: names.prometheus.uid,
      spanStartTimeShift: '-5m',
      spanEndTimeShift: '5m',
      // charts/service sets this resource attribute, and the label that its monitor gives a target.
      tags: [{ key: 'k8s.container.name', value: 'app' }],
      queries: [
        { name: 'Request rate', query: 'sum(rate(http_server_request_duration_seconds_count{$$__tags}[5m]))' },
        {
          name: 'Response time p95',
          query:
            'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{$$__tags}[5m])))',
        },
      ],
    },
    nodeGraph: { enabled: true },
  },
})

const prometheus = (names: Names) => ({
  name: 'Prometheus',
  uid: names.prometheus.uid,
  type: 'prometheus',
  access: 'proxy',
  url: names.prometheus.url,
  isDefault: false,
  jsonData: {
    httpMethod: 'POST',
    timeInterval: scrapeInterval,
    exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: names.jaeger.uid, urlDisplayLabel: 'View trace' }],
  },
})

/**
 * Grafana's datasources with the links between them, each by its kind as a provisioning file has it:
 * https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 */
export const datasourceFiles = (names: Names) =>
  Object.fromEntries(
    Object.entries({ prometheus, loki, jaeger }).map(([kind, make]) => [
      kind,
      { apiVersion: 1, datasources: [make(names)] },
    ]),
  )
