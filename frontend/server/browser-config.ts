import type { FastifyInstance } from 'fastify'
import type { FrontendConfig } from './config.ts'
import type { Sessions } from './sign-in/sessions.ts'

interface BrowserConfigOptions {
  config: FrontendConfig
  /** Where customers sign in. */
  sessions: Sessions | undefined
}

/** Tells the browser's code what this installation has, so that one bundle fits all, and who has signed in. */
export async function browserConfigRoute(app: FastifyInstance, { config, sessions }: BrowserConfigOptions) {
  const body = {
    tracing: config.OTLP_HTTP_ENDPOINT !== undefined,
    signals: config.SIGNALS_URL !== undefined,
    alerts: config.ALERTMANAGER_URL !== undefined,
    silences: config.ALERT_SILENCES,
    faults: config.FAULTS_PAGE,
    lab: config.LAB_URL !== undefined,
    signIn: sessions !== undefined,
    jaegerUrl: config.JAEGER_URL ?? null,
    grafanaUrl: config.GRAFANA_URL ?? null,
  }
  app.get('/config.json', { schema: { hide: true } }, async (request, reply) => {
    const session = await sessions?.session(request, reply)
    return reply.header('cache-control', 'no-store').send({ ...body, customer: session?.name ?? null })
  })
}
