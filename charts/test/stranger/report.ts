import { readConfig, upstreamUrl } from '@hello/service-kit/config'
import { loggerOptions } from '@hello/telemetry/logging'
import { shutdownTelemetry } from '@hello/telemetry/shutdown'
import { trace } from '@opentelemetry/api'
import { pino } from 'pino'
import { Type } from 'typebox'

const config = readConfig(Type.Object({ INVOICES_URL: upstreamUrl('http://localhost:8080') }))
const log = pino(loggerOptions({ service: 'report', level: 'info' }))

await trace.getTracer('report').startActiveSpan('report', async (span) => {
  const answer = await fetch(`${config.INVOICES_URL}/invoices`, { signal: AbortSignal.timeout(5000) })
  log.info({ invoices: (await answer.json()) as string[] }, 'reported')
  span.end()
})
await shutdownTelemetry()
