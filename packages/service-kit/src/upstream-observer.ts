import { exemplarLabels } from '@hello/telemetry/exemplar'
import { knownMethod } from '@hello/telemetry/known-methods'
import { durationBuckets } from '@hello/telemetry/metrics'
import { trace } from '@opentelemetry/api'
import fastifyPlugin from 'fastify-plugin'
import type { UpstreamInterceptor } from './upstream.ts'
import type { BreakerState } from './upstream-breaker.ts'

/** What an upstream tells its observers: metrics, logs and spans hang here. */
export interface UpstreamObserver {
  /** The pool to an upstream was made. */
  onOpen?(upstream: string): void
  /** One attempt ended after `seconds`; `outcome` is the status code or the failure. */
  onAttempt?(upstream: string, method: string, seconds: number, outcome: string): void
  onRetry?(upstream: string, attempt: number): void
  onBreaker?(upstream: string, state: BreakerState): void
  /** A call was turned away because the breaker is open. */
  onRefused?(upstream: string): void
}

declare module 'fastify' {
  interface FastifyInstance {
    upstreamObserver: UpstreamObserver
    /** What every attempt of the upstreams that are opened after goes through. */
    upstreamInterceptors: UpstreamInterceptor[]
  }
}

const breakerStates: BreakerState[] = ['closed', 'half-open', 'open']

/** Turns what upstreams do into metrics, log lines and events of the request's span. */
export const upstreamObserverPlugin = fastifyPlugin(
  async (app) => {
    const { client } = app.metrics
    const duration = new client.Histogram({
      name: 'http_client_request_duration_seconds',
      help: 'Duration of HTTP client requests, each attempt by itself',
      labelNames: ['http_request_method', 'server_address', 'http_response_status_code', 'error_type'],
      buckets: durationBuckets,
      registers: [client.register],
      enableExemplars: true,
    })
    const retries = new client.Counter({
      name: 'http_client_retries_total',
      help: 'Requests to an upstream that were sent again',
      labelNames: ['server_address'],
      registers: [client.register],
    })
    const breaker = new client.Gauge({
      name: 'http_client_breaker_state',
      help: '1 for the state that the circuit breaker of an upstream is in, 0 for the others',
      labelNames: ['server_address', 'state'],
      registers: [client.register],
    })

    app.decorate('upstreamInterceptors', [])
    app.decorate('upstreamObserver', {
      onOpen(upstream) {
        for (const state of breakerStates) breaker.set({ server_address: upstream, state }, state === 'closed' ? 1 : 0)
        retries.inc({ server_address: upstream }, 0)
      },
      onAttempt(upstream, method, seconds, outcome) {
        const answered = /^\d{3}$/.test(outcome)
        duration.observe({
          labels: {
            http_request_method: knownMethod(method),
            server_address: upstream,
            http_response_status_code: answered ? outcome : '',
            error_type: answered ? '' : outcome,
          },
          value: seconds,
          exemplarLabels: exemplarLabels(),
        })
      },
      onRetry(upstream, attempt) {
        retries.inc({ server_address: upstream })
        trace.getActiveSpan()?.addEvent('retry', { 'server.address': upstream, attempt })
        app.log.warn({ upstream, attempt }, 'trying an upstream again')
      },
      onBreaker(upstream, state) {
        for (const one of breakerStates) breaker.set({ server_address: upstream, state: one }, one === state ? 1 : 0)
        trace.getActiveSpan()?.addEvent('circuit breaker', { 'server.address': upstream, state })
        app.log.warn({ upstream, state }, 'circuit breaker changed')
      },
      onRefused(upstream) {
        trace.getActiveSpan()?.addEvent('circuit breaker refused the call', { 'server.address': upstream })
      },
    } satisfies Required<UpstreamObserver>)
  },
  { name: 'upstream-observer', dependencies: ['metrics'] },
)
