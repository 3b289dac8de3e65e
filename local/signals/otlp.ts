import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { MethodDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import type { AttributeValue, Span, SpanEvent, SpanKind, SpanLink } from './span.ts'

/** OTLP/JSON as published: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. Protobuf decodes to the same. */
export interface ExportTraceServiceRequest {
  resourceSpans?: {
    resource?: { attributes?: KeyValue[] }
    scopeSpans?: { scope?: { name?: string }; spans?: WireSpan[] }[]
  }[]
}
export interface ExportTraceServiceResponse {
  partialSuccess?: { rejectedSpans: string; errorMessage: string }
}
interface KeyValue {
  key: string
  value?: AnyValue | null
}
interface AnyValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: string | number
  doubleValue?: number
  bytesValue?: string | Uint8Array
  arrayValue?: { values?: AnyValue[] }
  kvlistValue?: { values?: KeyValue[] }
}
type Id = string | Uint8Array
interface WireSpan {
  traceId?: Id
  spanId?: Id
  parentSpanId?: Id
  name?: string
  kind?: number
  startTimeUnixNano?: string | number
  endTimeUnixNano?: string | number
  attributes?: KeyValue[]
  events?: { name?: string; timeUnixNano?: string | number; attributes?: KeyValue[] }[]
  links?: { traceId?: Id; spanId?: Id; attributes?: KeyValue[] }[]
  status?: { code?: number; message?: string }
}

// The published schema of opentelemetry-proto, as Elastic's OTLP server carries it; its code is not loaded.
const schemaFolder = dirname(createRequire(import.meta.url).resolve('@elastic/mockotlpserver/package.json'))
const schema = loadSync(join(schemaFolder, 'opentelemetry/proto/collector/trace/v1/trace_service.proto'), {
  includeDirs: [schemaFolder],
  longs: String,
})

/** The gRPC service that SDKs export traces to. */
export const traceService = schema['opentelemetry.proto.collector.trace.v1.TraceService'] as unknown as {
  Export: MethodDefinition<ExportTraceServiceRequest, ExportTraceServiceResponse>
}

const kinds: SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer']

function attributeValue(value: AnyValue | null | undefined): AttributeValue {
  if (value?.stringValue !== undefined) return value.stringValue
  if (value?.boolValue !== undefined) return value.boolValue
  if (value?.intValue !== undefined) return Number(value.intValue)
  if (value?.doubleValue !== undefined) return value.doubleValue
  if (value?.arrayValue) return (value.arrayValue.values ?? []).map((entry) => String(attributeValue(entry)))
  if (value?.kvlistValue) return JSON.stringify(attributesOf(value.kvlistValue.values))
  if (value?.bytesValue !== undefined) return Buffer.from(value.bytesValue as Uint8Array).toString('base64')
  return ''
}

function attributesOf(list: KeyValue[] = []): Record<string, AttributeValue> {
  return Object.fromEntries(list.map(({ key, value }) => [key, attributeValue(value)]))
}

function hexId(id: Id | undefined, bytes: number): string | undefined {
  const hex = typeof id === 'string' ? id.toLowerCase() : Buffer.from(id ?? []).toString('hex')
  return hex.length === bytes * 2 && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/.test(hex) ? hex : undefined
}

const nanoseconds = (time: string | number | undefined) => BigInt(time ?? 0)
const microseconds = (time: string | number | undefined) => Number(nanoseconds(time) / 1000n)

function toSpan(span: WireSpan, service: string, scope: string): Span | undefined {
  const traceId = hexId(span.traceId, 16)
  const spanId = hexId(span.spanId, 8)
  if (!traceId || !spanId || !span.startTimeUnixNano) return undefined
  const duration = Number(nanoseconds(span.endTimeUnixNano) - nanoseconds(span.startTimeUnixNano)) / 1000
  const links = (span.links ?? []).map(
    (link): SpanLink => ({
      traceId: hexId(link.traceId, 16) ?? '',
      spanId: hexId(link.spanId, 8) ?? '',
      attributes: attributesOf(link.attributes),
    }),
  )
  const events = (span.events ?? []).map(
    (event): SpanEvent => ({
      name: String(event.name ?? ''),
      time: microseconds(event.timeUnixNano),
      attributes: attributesOf(event.attributes),
    }),
  )
  return {
    traceId,
    spanId,
    parentSpanId: hexId(span.parentSpanId, 8) ?? null,
    service,
    scope,
    name: String(span.name ?? ''),
    kind: kinds[span.kind ?? 0] ?? 'internal',
    start: microseconds(span.startTimeUnixNano),
    duration: Math.max(0, duration),
    status: (['unset', 'ok', 'error'] as const)[span.status?.code ?? 0] ?? 'unset',
    statusMessage: String(span.status?.message ?? ''),
    attributes: attributesOf(span.attributes),
    events,
    links,
  }
}

/**
 * The spans of an export request.
 *
 * @returns `rejected` counts spans without a valid trace id, span id or start
 * @throws TypeError or SyntaxError when the request does not have the shape of OTLP
 */
export function spansOf(request: ExportTraceServiceRequest): { spans: Span[]; rejected: number } {
  const spans: Span[] = []
  let rejected = 0
  for (const { resource, scopeSpans = [] } of request.resourceSpans ?? []) {
    const service = String(attributesOf(resource?.attributes)['service.name'] ?? 'unknown_service')
    for (const { scope, spans: wireSpans = [] } of scopeSpans) {
      for (const wireSpan of wireSpans) {
        const span = toSpan(wireSpan, service, scope?.name ?? '')
        if (span) spans.push(span)
        else rejected += 1
      }
    }
  }
  return { spans, rejected }
}
