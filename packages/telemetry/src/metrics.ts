import client from '@prometheus-io/client'
import fastifyMetrics from 'fastify-metrics'
import fastifyPlugin from 'fastify-plugin'
import { answeredAt } from './after-answer.ts'
import { exemplarLabels } from './exemplar.ts'
import { exportStatus } from './export-status.ts'

/** Seconds; the OpenTelemetry semantic conventions' advice for HTTP durations. */
export const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Measures until a request is answered, and points at the trace that is active when the duration is observed. */
class TracedHistogram<T extends string> extends client.Histogram<T> {
  override startTimer() {
    const startedAt = performance.now()
    return (labels = {} as client.LabelValues<T>) => {
      const value = (answeredAt() - startedAt) / 1000
      this.observe({ labels, value, exemplarLabels: exemplarLabels() as client.LabelValues<T> })
      return value
    }
  }
}

/**
 * Measures the app: `http_server_request_duration_seconds` with exemplars, the runtime, and the state of the trace export.
 * `app.metrics.client` is a Prometheus client whose `register` is this app's own, in the OpenMetrics format that exemplars
 * need.
 */
export const metricsPlugin = fastifyPlugin(
  async (app) => {
    const register = new client.Registry(client.openMetricsContentType)
    await app.register(fastifyMetrics.default, {
      endpoint: null,
      promClient: { ...client, register, Histogram: TracedHistogram } as typeof client,
      defaultMetrics: { enabled: true, register },
      routeMetrics: {
        enabled: { histogram: true, summary: false },
        registeredRoutesOnly: false,
        methodBlacklist: [],
        overrides: {
          histogram: {
            name: 'http_server_request_duration_seconds',
            help: 'Duration of HTTP server requests',
            buckets: durationBuckets,
            registers: [register],
            enableExemplars: true,
          },
          summary: { registers: [] },
          labels: {
            method: 'http_request_method',
            status: 'http_response_status_code',
            route: 'http_route',
          },
        },
      },
    })

    new client.Counter({
      name: 'otel_sdk_exporter_span_exported_total',
      help: 'Sampled spans by what became of them: success, failure, or dropped where the queue was full',
      labelNames: ['outcome'],
      registers: [register],
      collect() {
        this.reset()
        this.inc({ outcome: 'success' }, exportStatus.exported)
        this.inc({ outcome: 'failure' }, exportStatus.failed)
        this.inc({ outcome: 'dropped' }, exportStatus.dropped)
      },
    })
  },
  { name: 'metrics' },
)
