import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import {
  type ExportTraceServiceRequest,
  type ExportTraceServiceResponse,
  traceService,
} from '@hello/otlp/trace-service'

interface Received {
  /** Of the request as it came, which is protobuf. */
  bytes: number
  request: ExportTraceServiceRequest
}

const spansIn = ({ resourceSpans = [] }: ExportTraceServiceRequest) =>
  resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans)).length

/** Takes traces by OTLP/gRPC on a port and counts spans and bytes. */
export async function startSpanReceiver(port: number) {
  const received = { spans: 0, bytes: 0 }
  const { Export } = traceService
  const server = new Server({ 'grpc.max_receive_message_length': -1 })
  const definition = {
    ...Export,
    requestDeserialize: (body: Buffer): Received => ({ bytes: body.length, request: Export.requestDeserialize(body) }),
  }
  server.addService({ Export: definition } as never, {
    Export(
      { request: { bytes, request } }: ServerUnaryCall<Received, ExportTraceServiceResponse>,
      answer: sendUnaryData<ExportTraceServiceResponse>,
    ) {
      received.spans += spansIn(request)
      received.bytes += bytes
      answer(null, {})
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    )
  })
  return { received, stop: () => server.forceShutdown() }
}
