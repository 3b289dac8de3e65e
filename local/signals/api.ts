import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { allowedMethodsPlugin } from '@hello/service-kit/allowed-methods'
import { hostPlugin, loopbackHosts } from '@hello/service-kit/host'
import { malformedRequests } from '@hello/service-kit/malformed-request'
import { openApiPlugin } from '@hello/service-kit/openapi'
import { problems } from '@hello/service-kit/problem'
import { problemPlugin } from '@hello/service-kit/problem-plugin'
import { schemaPlugin } from '@hello/service-kit/schema'
import { problemTypes } from '@hello/shop/identity'
import { RangeQuery } from '@hello/signals-api/fields'
import { LogList, LogQuery } from '@hello/signals-api/log'
import { MetricsAnswer, SeriesAnswer, SeriesQuery } from '@hello/signals-api/metric'
import { ProcessList, type ProcessState } from '@hello/signals-api/process'
import { ServiceList, ServiceMap } from '@hello/signals-api/service'
import { Stats } from '@hello/signals-api/stats'
import { TraceDetail, TraceList, TraceParams, TraceQuery } from '@hello/signals-api/trace'
import Fastify from 'fastify'
import type { Intake } from './intake.ts'
import type { LogStore } from './log-store.ts'
import type { MetricStore } from './metric-store.ts'
import { traceNotFound } from './problems.ts'
import { redOf, requestDuration } from './red.ts'
import type { Scraper } from './scraper.ts'
import { chartsOf } from './service-charts.ts'
import { serviceMap } from './service-map.ts'
import { searchTraces, traceDetail } from './trace-search.ts'
import type { TraceStore } from './trace-store.ts'

export interface Signals {
  processes: () => ProcessState[]
  traces: TraceStore
  intake: Intake
  logs: LogStore
  metrics: MetricStore
  scraper: Scraper
}

/** Points over `minutes`: at most 150 of them, each looking back at least 10 s. */
function rangeOf(minutes: number) {
  const step = Math.ceil((minutes * 60) / 150 / 2) * 2000
  return {
    to: Math.floor(Date.now() / step) * step,
    step,
    count: Math.floor((minutes * 60_000) / step),
    window: Math.ceil(10_000 / step),
  }
}

function routesByService(traces: TraceStore): Map<string, Set<string>> {
  const routes = new Map<string, Set<string>>()
  for (const spans of traces.groups()) {
    for (const { service, kind, attributes } of spans) {
      const ofService = routes.get(service) ?? new Set()
      routes.set(service, ofService)
      if (kind === 'server' && attributes['http.route']) ofService.add(String(attributes['http.route']))
    }
  }
  return routes
}

/** The HTTP API that shows what the stores hold, under `/signals/api`; documented at `/docs`. It does not listen. */
export async function createApi({ processes, traces, intake, logs, metrics, scraper }: Signals) {
  const app = Fastify({
    ...malformedRequests,
    http: { requireHostHeader: false },
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>()
  await app.register(hostPlugin, { allowed: loopbackHosts })
  await app.register(allowedMethodsPlugin)
  await app.register(schemaPlugin)
  await app.register(openApiPlugin, {
    title: 'Signals',
    description: 'Traces, logs and metrics of the shop that runs on this machine, as long as memory holds them.',
  })
  await app.register(problemPlugin, { types: problemTypes })

  app.get('/signals/api/traces', { schema: { querystring: TraceQuery, response: { 200: TraceList } } }, ({ query }) =>
    searchTraces(traces, query),
  )

  app.get(
    '/signals/api/traces/:traceId',
    {
      schema: {
        params: TraceParams,
        response: { 200: TraceDetail, ...problems({ 404: 'The trace is not here, not yet or not any more' }) },
      },
    },
    ({ params: { traceId } }) => {
      const trace = traceDetail(traces, logs, traceId)
      if (!trace)
        throw traceNotFound(
          `There is no trace ${traceId}: its spans have not arrived yet, or newer ones took their place.`,
        )
      return trace
    },
  )

  app.get(
    '/signals/api/logs',
    { schema: { querystring: LogQuery, response: { 200: LogList } } },
    ({ query: { limit, minutes, ...filter } }) =>
      logs.list(minutes === undefined ? filter : { ...filter, from: Date.now() - minutes * 60_000 }, limit),
  )

  app.get(
    '/signals/api/metrics',
    { schema: { querystring: RangeQuery, response: { 200: MetricsAnswer } } },
    ({ query: { minutes } }) => {
      const range = rangeOf(minutes)
      const from = range.to - range.count * range.step
      return {
        step: range.step,
        window: range.window * range.step,
        services: scraper.states().map(({ service }) => ({
          service,
          points: redOf(metrics, service, range),
          exemplars: metrics
            .exemplars(service, requestDuration)
            .filter(({ time }) => time > from)
            .map(({ value, ...exemplar }) => ({ ...exemplar, value: value * 1000 })),
          charts: chartsOf(metrics, service, range),
        })),
      }
    },
  )

  app.get(
    '/signals/api/series',
    { schema: { querystring: SeriesQuery, response: { 200: SeriesAnswer } } },
    ({ query: { service, name } }) =>
      metrics.series(service, name).map(({ labels, points }) => ({
        name,
        labels,
        points: points.map(({ time, value }) => ({ time, value: Number.isFinite(value) ? value : null })),
      })),
  )

  app.get(
    '/signals/api/map',
    { schema: { querystring: RangeQuery, response: { 200: ServiceMap } } },
    ({ query: { minutes } }) => serviceMap([...traces.groups()], (Date.now() - minutes * 60_000) * 1000, minutes * 60),
  )

  app.get('/signals/api/services', { schema: { response: { 200: ServiceList } } }, () => {
    const routes = routesByService(traces)
    const states = new Map(scraper.states().map((state) => [state.service, state]))
    return [...new Set([...states.keys(), ...routes.keys()])].map((service) => ({
      service,
      up: states.get(service)?.up ?? null,
      error: states.get(service)?.error ?? null,
      answered: states.get(service)?.answered ?? null,
      metrics: metrics.names(service),
      routes: [...(routes.get(service) ?? [])].sort(),
    }))
  })

  app.get('/signals/api/processes', { schema: { response: { 200: ProcessList } } }, () => processes())

  app.get('/signals/api/stats', { schema: { response: { 200: Stats } } }, () => ({
    traces: { ...traces.stats(), ...intake.stats() },
    logs: logs.stats(),
    metrics: metrics.stats(),
  }))

  return app
}
