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
import { type ExportTraceServiceResponse, OversizedExport, traceService } from '@hello/otlp/trace-service'
import { bodyTooLarge, unsupportedMediaType } from '@hello/service-kit/problems'
import { invalidOtlp } from '@hello/shop/problems'
import type { FastifyInstance } from 'fastify'
import { type Encoding, encodings, type Intake, maxRequestBytes } from './intake.ts'

const unzip = promisify(gunzip)

/**
 * Receives traces by OTLP/gRPC. A request that is not OTLP is answered with an error and changes nothing.
 *
 * @returns the bound port, and `close`, which cuts the connections
 * @throws Error when the port is taken
 */
export async function startGrpcReceiver(intake: Intake, host: string, port: number) {
  setLogVerbosity(logVerbosity.NONE) // what goes wrong is thrown or answered
  const server = new Server({ 'grpc.max_receive_message_length': maxRequestBytes })
  const undecoded = { Export: { ...traceService.Export, requestDeserialize: (body: Buffer) => body } }
  server.addService(undecoded as never, {
    Export({ request }: ServerUnaryCall<Buffer, unknown>, answer: sendUnaryData<ExportTraceServiceResponse>) {
      try {
        answer(null, intake.take('application/x-protobuf', request))
      } catch (error) {
        intake.countRefused()
        const code = error instanceof OversizedExport ? status.RESOURCE_EXHAUSTED : status.INVALID_ARGUMENT
        answer({ code, details: `not a usable OTLP request: ${(error as Error).message}` })
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
export function addHttpReceiver(app: FastifyInstance, intake: Intake) {
  app.addHook('onResponse', async (_request, reply) => {
    if (reply.statusCode >= 400) intake.countRefused()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    encodings,
    { parseAs: 'buffer' },
    async (request: { headers: Record<string, unknown> }, body: Buffer) => {
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (encoding === 'identity') return body
      if (encoding !== 'gzip') throw unsupportedMediaType(`The content encoding is ${encoding}; send gzip or none.`)
      return unzip(body, { maxOutputLength: maxRequestBytes }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_BUFFER_TOO_LARGE')
          throw bodyTooLarge(`The body has more than ${maxRequestBytes} bytes when unpacked.`)
        throw invalidOtlp(`The body is not gzip: ${error.message}.`)
      })
    },
  )

  app.post('/v1/traces', { bodyLimit: maxRequestBytes }, (request, reply) => {
    const type = request.headers['content-type']!.split(';', 1)[0]!.trim().toLowerCase() as Encoding
    let response: ExportTraceServiceResponse
    try {
      response = intake.take(type, request.body as Buffer)
    } catch (error) {
      const { message } = error as Error
      if (error instanceof OversizedExport) throw bodyTooLarge(`The body has too much in it: ${message}.`)
      throw invalidOtlp(`The body is not an OTLP trace export as ${type}: ${message}.`)
    }
    return type === 'application/json'
      ? reply.send(response)
      : reply.type(type).send(traceService.Export.responseSerialize(response))
  })
}
