import type { FastifyInstance } from 'fastify'
import type { FrontendConfig } from './config.ts'

/** Tells the browser's code what this installation has, so that one bundle fits all. */
export async function browserConfigRoute(app: FastifyInstance, config: FrontendConfig) {
  const body = {
    tracing: config.OTLP_HTTP_ENDPOINT !== undefined,
    signals: config.SIGNALS_URL !== undefined,
    alerts: config.ALERTMANAGER_URL !== undefined,
    silences: config.ALERT_SILENCES,
    faults: config.FAULTS_PAGE,
    lab: config.LAB_URL !== undefined,
    jaegerUrl: config.JAEGER_URL ?? null,
    grafanaUrl: config.GRAFANA_URL ?? null,
  }
  app.get('/config.json', { schema: { hide: true } }, (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(body),
  )
}
