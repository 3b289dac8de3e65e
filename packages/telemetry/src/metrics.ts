import { getHeapStatistics } from 'node:v8'
import client from '@prometheus-io/client'
import fastifyMetrics from 'fastify-metrics'
import fastifyPlugin from 'fastify-plugin'
import { clock } from './clock.ts'
import { exemplarLabels } from './exemplar.ts'
import { exportStatus } from './export-status.ts'
import { knownMethod } from './known-methods.ts'
import { endEveryRequest, isObserved, type RequestEnd, requestEnd } from './request-end.ts'
import { requestsWithoutParent } from './requests-without-parent.ts'

/** Seconds; the OpenTelemetry semantic conventions' advice for HTTP durations. */
export const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

interface RequestLabels {
  http_request_method: string
  http_route: string
  /** How the request ended, for fastify-metrics hands on nothing else of it; undefined for one that is not to be observed. */
  error_type: RequestEnd | undefined
}

/** Measures until a request has ended, and points at the trace that is active when the duration is observed. */
class RequestHistogram<T extends string> extends client.Histogram<T> {
  override startTimer() {
    const startedAt = performance.now()
    return (measured = {} as client.LabelValues<T>) => {
      const { http_request_method, http_route, error_type: end } = measured as unknown as RequestLabels
      if (!end) return 0
      const labels = {
        http_request_method: knownMethod(http_request_method),
        http_route,
        http_response_status_code: end.status ?? '',
        error_type: end.errorType ?? '',
      } as unknown as client.LabelValues<T>
      const value = (end.at - startedAt) / 1000
      this.observe({ labels, value, exemplarLabels: exemplarLabels() as client.LabelValues<T> })
      return value
    }
  }
}

/**
 * Measures the app: `http_server_request_duration_seconds` with exemplars, the runtime, its clock, and the state of the trace export.
 * `app.metrics.client` is a Prometheus client whose `register` is this app's own, in the OpenMetrics format that exemplars
 * need.
 */
export const metricsPlugin = fastifyPlugin(
  async (app) => {
    endEveryRequest(app)
    const register = new client.Registry(client.openMetricsContentType)
    await app.register(fastifyMetrics.default, {
      endpoint: null,
      promClient: { ...client, register, Histogram: RequestHistogram } as typeof client,
      // A look at how busy the event loop is takes a millisecond (CPU profile); by default there are ten a second.
      defaultMetrics: { enabled: true, register, eventLoopUtilizationTimeout: 1000 },
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
        customLabels: {
          error_type: (request, reply) =>
            (isObserved(request) ? requestEnd(request, reply) : undefined) as RequestEnd & string,
        },
      },
    })

    new client.Gauge({
      name: 'nodejs_heap_size_limit_bytes',
      help: 'Heap size at which Node.js ends the process',
      registers: [register],
      collect() {
        this.set(getHeapStatistics().heap_size_limit)
      },
    })

    new client.Gauge({
      name: 'process_clock_seconds',
      help: 'Time since 1970 by the clock that stamps the log lines, at the scrape',
      registers: [register],
      collect() {
        this.set(clock.now() / 1000)
      },
    })

    new client.Counter({
      name: 'http_server_requests_without_parent_total',
      help: 'Traced requests that came without a valid traceparent, so that their trace begins here',
      registers: [register],
      collect() {
        this.reset()
        this.inc(requestsWithoutParent.count)
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
