import { context, type Span, type Tracer, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const exporters = {
  grpc: (url: string) => new GrpcExporter({ url }),
  json: (url: string) => new JsonExporter({ url: `${url}/v1/traces` }),
  protobuf: (url: string) => new ProtobufExporter({ url: `${url}/v1/traces`, compression: 'gzip' as never }),
}

/** A service's tracer that sends by the published exporter for `transport`. */
export function startTracer(service: string, transport: keyof typeof exporters, url: string) {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor({ exporter: exporters[transport](url) })],
  })
  return { tracer: provider.getTracer('test'), shutdown: () => provider.shutdown() }
}

/** Starts a span under `parent`. */
export function startChild(
  tracer: Tracer,
  name: string,
  parent: Span | undefined,
  options: Parameters<Tracer['startSpan']>[1] = {},
) {
  return tracer.startSpan(name, options, parent ? trace.setSpan(context.active(), parent) : context.active())
}
