import { setInterval } from 'node:timers/promises'
import { createApp } from '@hello/service-kit/app'
import { port, readConfig, serviceSettings, upstreamUrl } from '@hello/service-kit/config'
import { createManagement } from '@hello/service-kit/management'
import { shutdownTelemetry } from '@hello/telemetry/shutdown'
import { trace } from '@opentelemetry/api'
import { Type } from 'typebox'

const settings = { ...serviceSettings, MANAGEMENT_PORT: port(9464), INVOICES_URL: upstreamUrl('http://localhost:8080') }
const config = readConfig(Type.Object(settings))
const app = await createApp({ name: 'mailer', logLevel: config.LOG_LEVEL })
const management = createManagement(app, '*')
await management.listen({ host: config.HOST, port: config.MANAGEMENT_PORT })

const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())

async function remind() {
  const answer = await fetch(`${config.INVOICES_URL}/invoices`, { signal: AbortSignal.timeout(2000) })
  const invoices = (await answer.json()) as string[]
  app.log.info({ invoices: invoices.length }, 'reminded')
}

try {
  for await (const _ of setInterval(1000, undefined, { signal: stopping.signal }))
    await trace.getTracer('mailer').startActiveSpan('remind', async (span) => {
      await remind().catch((err) => app.log.error({ err }, 'not reminded'))
      span.end()
    })
} catch (error) {
  if (!stopping.signal.aborted) throw error
}
await management.close()
await app.close()
await shutdownTelemetry()
