import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { MethodDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** What exporters send, as far as it is read by name; of what a stranger sends, nothing of it is certain. */
export interface ExportTraceServiceRequest {
  resourceSpans?: {
    resource?: { attributes?: { key: string; value?: { stringValue?: string } | null }[] }
    scopeSpans?: { spans?: unknown[] }[]
  }[]
}

/** What an exporter is told; `rejectedSpans` is an int64, which JSON carries as text. */
export interface ExportTraceServiceResponse {
  partialSuccess?: { rejectedSpans: string; errorMessage: string }
}

// The published schema of opentelemetry-proto, as Elastic's OTLP server carries it; its code is not loaded.
const schemaFolder = dirname(createRequire(import.meta.url).resolve('@elastic/mockotlpserver/package.json'))
const schema = loadSync(join(schemaFolder, 'opentelemetry/proto/collector/trace/v1/trace_service.proto'), {
  includeDirs: [schemaFolder],
})

/** The gRPC service that SDKs export traces to. Protobuf decodes to the shape of OTLP/JSON, but for integers of 64 bits (`Long`). */
export const traceService = schema['opentelemetry.proto.collector.trace.v1.TraceService'] as unknown as {
  Export: MethodDefinition<ExportTraceServiceRequest, ExportTraceServiceResponse>
}

/** An export request that is well formed and has too much in it. */
export class OversizedExport extends Error {}

/** The messages that may hold many others, by the number of the field that holds each. */
interface Nesting {
  [field: number]: Nesting
}
const anyValue: Nesting = {}
const keyValue: Nesting = { 2: anyValue }
anyValue[5] = { 1: anyValue }
anyValue[6] = { 1: keyValue }
const span: Nesting = { 9: keyValue, 11: { 3: keyValue }, 13: { 4: keyValue } }
const exportRequest: Nesting = { 1: { 1: { 1: keyValue }, 2: { 1: { 3: keyValue }, 2: span } } }

/**
 * Counts the messages in a protobuf export request, up to a limit, without decoding it: two bytes can make one, and each
 * costs the decoder about a microsecond.
 *
 * https://protobuf.dev/programming-guides/encoding/
 *
 * @returns more than `limit` as soon as there are; whatever is malformed is left to the decoder
 */
export function countMessages(bytes: Uint8Array, limit: number): number {
  let count = 0
  let position = 0
  function varint(): number {
    let value = 0
    for (let scale = 1; position < bytes.length; scale *= 128) {
      const byte = bytes[position++]!
      value += (byte & 127) * scale
      if (byte < 128) break
    }
    return value
  }
  const open = [{ end: bytes.length, nesting: exportRequest }]
  while (open.length > 0 && count <= limit) {
    const { end, nesting } = open.at(-1)!
    if (position >= end) {
      open.pop()
      continue
    }
    const tag = varint()
    const wireType = tag % 8
    if (wireType === 0) varint()
    else if (wireType === 1) position += 8
    else if (wireType === 5) position += 4
    else if (wireType === 2) {
      const length = varint()
      const inner = nesting[Math.floor(tag / 8)]
      if (inner) {
        count += 1
        open.push({ end: Math.min(position + length, end), nesting: inner })
      } else position += length
    } else return count
  }
  return count
}
