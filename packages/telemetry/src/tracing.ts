import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino'
import { envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions'
import { register } from 'import-in-the-middle/register-hooks.mjs'
import { pino } from 'pino'
import { droppedSpansMeter } from './dropped-spans.ts'
import { FastifyHandlerSpans } from './fastify-handler-spans.ts'
import { FastifyServerSpans } from './fastify-server-spans.ts'
import { logLines } from './log-lines.ts'
import { loggerOptions } from './logging.ts'
import { redactingExporter } from './redacting-exporter.ts'
import { reportingExporter } from './reporting-exporter.ts'
import { onTelemetryShutdown } from './shutdown.ts'
import { sqlSpans } from './sql-spans.ts'
import { TailSamplingProcessor, tailSampling } from './tail-sampling.ts'
import { UndiciClientSpans } from './undici-client-spans.ts'

/** The version in the package.json of the service that is being started, where the environment names none. */
function serviceVersion(): string | undefined {
  try {
    return (JSON.parse(readFileSync('package.json', 'utf8')) as { version?: string }).version
  } catch {
    return undefined
  }
}

const disabled = new Set(process.env.OTEL_NODE_DISABLED_INSTRUMENTATIONS?.split(',').map((name) => name.trim()))

/** By the names of the standard variable OTEL_NODE_DISABLED_INSTRUMENTATIONS. */
function instrumentations(): Instrumentation[] {
  const available: Record<string, () => Instrumentation> = {
    'fastify-server': () => new FastifyServerSpans(),
    fastify: () => new FastifyHandlerSpans(),
    http: () => new HttpInstrumentation({ requireParentforOutgoingSpans: true }),
    undici: () => new UndiciClientSpans(),
    pg: sqlSpans,
    pino: () => new PinoInstrumentation({ disableLogSending: true }),
  }
  return Object.entries(available).flatMap(([name, create]) => (disabled.has(name) ? [] : create()))
}

/** instrumentation-http acts when a CommonJS module requires them, which a service of ES modules never does. */
function instrumentBuiltins() {
  const require = createRequire(import.meta.url)
  for (const name of ['node:http', 'node:https']) require(name)
  syncBuiltinESMExports()
}

/**
 * Starts tracing for this process, by the standard OTEL_* variables: sampler (always on unless set), resource,
 * batch and exporter. Traces go out by OTLP/gRPC; metrics and logs have ways of their own (Prometheus, stdout).
 */
export function startTracing(): void {
  process.env.OTEL_METRICS_EXPORTER ??= 'none'
  process.env.OTEL_LOGS_EXPORTER ??= 'none'
  // A caller's word on sampling is not taken: a stranger could switch tracing off for himself, or on (ADR 5).
  process.env.OTEL_TRACES_SAMPLER ??= 'always_on'
  const tail =
    process.env.OTEL_TRACES_SAMPLER === 'tail_traceidratio'
      ? tailSampling(process.env.OTEL_TRACES_SAMPLER_ARG ?? 'ratio=0.05,slow_ms=500')
      : undefined
  if (!disabled.has('pino')) register({ include: ['pino'] })

  const service = process.env.OTEL_SERVICE_NAME ?? 'unknown_service'
  const version = serviceVersion()
  const log = pino(loggerOptions({ service, level: process.env.LOG_LEVEL ?? 'info' }), logLines)
  // 8,192 spans are some 8 MB and two seconds of 1,000 requests a second; what comes on top is dropped.
  const maxQueueSize = Number(process.env.OTEL_BSP_MAX_QUEUE_SIZE ?? 8192)
  const batches = new BatchSpanProcessor({
    exporter: reportingExporter(redactingExporter(new OTLPTraceExporter()), log),
    maxQueueSize,
    // Packing a batch blocks the event loop, for some 3 ms at 512 spans.
    maxExportBatchSize: Number(process.env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE ?? 512),
    // What a SIGKILL takes with it: the spans of so many milliseconds.
    scheduledDelayMillis: Number(process.env.OTEL_BSP_SCHEDULE_DELAY ?? 200),
    exportTimeoutMillis: Number(process.env.OTEL_BSP_EXPORT_TIMEOUT ?? 30_000),
    selfObsMeterProvider: { getMeter: () => droppedSpansMeter },
  })
  const sdk = new NodeSDK({
    autoDetectResources: true,
    resourceDetectors: [envDetector],
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service,
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
      ...(version && { [ATTR_SERVICE_VERSION]: version }),
    }),
    ...(tail && { sampler: new AlwaysOnSampler() }),
    spanProcessors: [tail ? new TailSamplingProcessor(batches, tail, maxQueueSize) : batches],
    instrumentations: instrumentations(),
  })
  sdk.start()
  instrumentBuiltins()
  // The exporter has logged a failure already.
  onTelemetryShutdown(() => sdk.shutdown().catch(() => {}))
}
