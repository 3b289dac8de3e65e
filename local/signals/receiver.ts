import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js'
import { defineProblem } from '@hello/service-kit/problem'
import type { FastifyInstance } from 'fastify'
import { type ExportTraceServiceRequest, type ExportTraceServiceResponse, spansOf, traceService } from './otlp.ts'
import type { TraceStore } from './trace-store.ts'

/** Most bytes of one export request, unpacked. */
const maxRequestBytes = 16 * 1024 * 1024
const unzip = promisify(gunzip)

const invalidExport = defineProblem('invalid-otlp', { status: 400, title: 'Invalid OTLP request' })
const unsupported = defineProblem('unsupported-media-type', { status: 415, title: 'Unsupported media type' })

function store(traces: TraceStore, request: ExportTraceServiceRequest): ExportTraceServiceResponse {
  const { spans, rejected } = spansOf(request)
  traces.add(spans)
  if (rejected === 0) return {}
  return {
    partialSuccess: { rejectedSpans: String(rejected), errorMessage: 'spans need a trace id, a span id and a start' },
  }
}

/**
 * Receives traces by OTLP/gRPC. A request that is not OTLP is answered with an error and changes nothing.
 *
 * @returns the bound port, and `close`, which cuts the connections
 * @throws Error when the port is taken
 */
export async function startGrpcReceiver(traces: TraceStore, host: string, port: number) {
  setLogVerbosity(logVerbosity.NONE) // what goes wrong is thrown or answered
  const server = new Server({ 'grpc.max_receive_message_length': maxRequestBytes })
  server.addService(traceService as never, {
    Export(
      call: ServerUnaryCall<ExportTraceServiceRequest, ExportTraceServiceResponse>,
      answer: sendUnaryData<ExportTraceServiceResponse>,
    ) {
      try {
        answer(null, store(traces, call.request))
      } catch (error) {
        answer({ code: status.INVALID_ARGUMENT, details: `not an OTLP request: ${(error as Error).message}` })
      }
    },
  })
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    )
  })
  return { port: bound, close: () => server.forceShutdown() }
}

/**
 * Adds `POST /v1/traces`: OTLP/HTTP as JSON or protobuf, plain or gzip.
 *
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function addHttpReceiver(app: FastifyInstance, traces: TraceStore) {
  const decoders: Record<string, (body: Buffer) => ExportTraceServiceRequest> = {
    'application/json': (body) => JSON.parse(body.toString()),
    'application/x-protobuf': (body) => traceService.Export.requestDeserialize(body),
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    Object.keys(decoders),
    { parseAs: 'buffer' },
    async (request: { headers: Record<string, unknown> }, body: Buffer) => {
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (encoding === 'identity') return body
      if (encoding !== 'gzip') throw unsupported(`The content encoding is ${encoding}; send gzip or none.`)
      return unzip(body, { maxOutputLength: maxRequestBytes }).catch((error: Error) => {
        throw invalidExport(`The body is not gzip of at most ${maxRequestBytes} bytes: ${error.message}.`)
      })
    },
  )

  app.post('/v1/traces', { bodyLimit: maxRequestBytes }, (request, reply) => {
    const type = request.headers['content-type']!.split(';', 1)[0]!.trim()
    let response: ExportTraceServiceResponse
    try {
      response = store(traces, decoders[type]!(request.body as Buffer))
    } catch (error) {
      throw invalidExport(`The body is not an OTLP trace export as ${type}: ${(error as Error).message}.`)
    }
    return type === 'application/json'
      ? reply.send(response)
      : reply.type(type).send(traceService.Export.responseSerialize(response))
  })
}
