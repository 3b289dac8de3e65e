import { allowedMethodsPlugin } from '@hello/service-kit/allowed-methods'
import { hostPlugin, loopbackHosts } from '@hello/service-kit/host'
import { malformedRequests } from '@hello/service-kit/malformed-request'
import { problemPlugin } from '@hello/service-kit/problem-plugin'
import { problemTypes } from '@hello/shop/identity'
import type { ProcessState } from '@hello/signals-api/process'
import Fastify from 'fastify'
import { createApi } from './api.ts'
import { createForward } from './forward.ts'
import { createIntake } from './intake.ts'
import { createLogStore } from './log-store.ts'
import { createMetricStore } from './metric-store.ts'
import { addHttpReceiver, startGrpcReceiver } from './receiver.ts'
import { type ScrapeTarget, startScraper } from './scraper.ts'
import { createTraceStore } from './trace-store.ts'

export interface SignalsOptions {
  /** The states of the processes that are watched over. */
  processes?: () => ProcessState[]
  /** What to scrape; every service that has a management port. */
  targets: ScrapeTarget[]
  host?: string
  /** Port 0 takes a free one. */
  grpcPort?: number
  httpPort?: number
  apiPort?: number
  /** Milliseconds between two scrapes. */
  scrapeInterval?: number
  /** Base URL of a receiver of OTLP/HTTP that gets every export, too. */
  forwardTo?: string | undefined
}

const mebibyte = 1024 * 1024

/**
 * Collects traces, logs and metrics of the shop in this process's memory, bounded, and shows them.
 *
 * @returns `addresses` to hand to the services (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTLP_HTTP_ENDPOINT`, `SIGNALS_URL`), `log`
 * for each line of a service's stdout, and `close`
 * @throws Error when a port is taken; nothing stays open then
 */
export async function startSignals({
  processes = () => [],
  targets,
  host = '127.0.0.1',
  grpcPort = 4317,
  httpPort = 4318,
  apiPort = 4319,
  scrapeInterval = 2000,
  forwardTo,
}: SignalsOptions) {
  const traces = createTraceStore({
    maxSpans: 50_000,
    maxBytes: 64 * mebibyte,
    maxSpansPerTrace: 2000,
    maxBytesPerTrace: 4 * mebibyte,
  })
  const intake = createIntake(traces, forwardTo === undefined ? undefined : createForward(forwardTo))
  const logs = createLogStore({ maxLines: 20_000, maxBytes: 16 * mebibyte, maxLineLength: 16_384 })
  const metrics = createMetricStore({ retention: 15 * 60_000, maxSeries: 5000, maxExemplars: 1000 })
  const scraper = startScraper(metrics, targets, scrapeInterval)
  const api = await createApi({ processes, traces, intake, logs, metrics, scraper })
  const otlpHttp = Fastify({ ...malformedRequests, http: { requireHostHeader: false }, forceCloseConnections: true })
  await otlpHttp.register(hostPlugin, { allowed: loopbackHosts })
  await otlpHttp.register(allowedMethodsPlugin)
  await otlpHttp.register(problemPlugin, { types: problemTypes })
  addHttpReceiver(otlpHttp, intake)

  let grpc: Awaited<ReturnType<typeof startGrpcReceiver>> | undefined
  async function close() {
    grpc?.close()
    await Promise.all([scraper.close(), otlpHttp.close(), api.close()])
  }
  try {
    grpc = await startGrpcReceiver(intake, host, grpcPort)
    const addresses = {
      otlpGrpc: `http://${host}:${grpc.port}`,
      otlpHttp: await otlpHttp.listen({ host, port: httpPort }),
      api: await api.listen({ host, port: apiPort }),
    }
    return { addresses, log: logs.add, close }
  } catch (error) {
    await close()
    throw error
  }
}
