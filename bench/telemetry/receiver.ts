/** Takes traces by OTLP/gRPC and forgets them; answers each message of its parent with the spans received so far. */
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import {
  type ExportTraceServiceRequest,
  type ExportTraceServiceResponse,
  traceService,
} from '@hello/otlp/trace-service'

let received = 0
const server = new Server()
server.addService(traceService as never, {
  Export(
    { request }: ServerUnaryCall<ExportTraceServiceRequest, ExportTraceServiceResponse>,
    answer: sendUnaryData<ExportTraceServiceResponse>,
  ) {
    for (const { scopeSpans = [] } of request.resourceSpans ?? []) {
      for (const { spans = [] } of scopeSpans) received += spans.length
    }
    answer(null, {})
  },
})
server.bindAsync(`127.0.0.1:${process.env.PORT}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error
  process.send!('listening')
})
process.on('message', () => process.send!(received))
process.on('disconnect', () => process.exit())
