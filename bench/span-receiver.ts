import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import {
  type ExportTraceServiceRequest,
  type ExportTraceServiceResponse,
  traceService,
} from '@hello/otlp/trace-service'

interface Export {
  /** Of the request as it came, which is protobuf. */
  bytes: number
  request: ExportTraceServiceRequest
}

/** Takes traces by OTLP/gRPC, forgets them, and counts their spans and bytes. */
export async function startSpanReceiver(port: number) {
  const received = { spans: 0, bytes: 0 }
  const server = new Server()
  const method = traceService.Export
  const requestDeserialize = (body: Buffer): Export => ({
    bytes: body.length,
    request: method.requestDeserialize(body),
  })
  server.addService({ Export: { ...method, requestDeserialize } } as never, {
    Export(
      { request: { bytes, request } }: ServerUnaryCall<Export, ExportTraceServiceResponse>,
      answer: sendUnaryData<ExportTraceServiceResponse>,
    ) {
      for (const { scopeSpans = [] } of request.resourceSpans ?? []) {
        for (const { spans = [] } of scopeSpans) received.spans += spans.length
      }
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
