import { after } from 'node:test'
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import {
  type ExportTraceServiceRequest,
  type ExportTraceServiceResponse,
  traceService,
} from '@hello/otlp/trace-service'
import { spansOf } from '@hello/otlp/wire-spans'
import type { Span } from '@hello/signals-api/span'
import { eventually } from '@hello/test-support/eventually'

/** An OTLP/gRPC receiver that keeps every span, and the resource that was last sent. */
export async function startCollector(wantedPort = 0) {
  const spans: Span[] = []
  const resource = new Map<string, string | undefined>()
  const server = new Server()
  server.addService(traceService as never, {
    Export(
      { request }: ServerUnaryCall<ExportTraceServiceRequest, ExportTraceServiceResponse>,
      answer: sendUnaryData<ExportTraceServiceResponse>,
    ) {
      spans.push(...spansOf(request).spans)
      for (const { key, value } of request.resourceSpans?.[0]?.resource?.attributes ?? []) {
        resource.set(key, value?.stringValue)
      }
      answer(null, {})
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wantedPort}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  const close = () => server.forceShutdown()
  after(close)

  return {
    spans,
    resource,
    port,
    url: `http://127.0.0.1:${port}`,
    close,

    /** Waits for `count` spans that `match`. */
    wait: (match: (span: Span) => boolean, count = 1): Promise<Span[]> =>
      eventually(() => {
        const found = spans.filter(match)
        if (found.length >= count) return found
        throw new Error(`${found.length} of ${count} spans came; there are ${spans.map(({ name }) => name).join(', ')}`)
      }),

    /** The spans of the trace in which `traceresponse` names the SERVER span, once that has come. */
    async trace(response: Response): Promise<{ server: Span; all: Span[] }> {
      const [, traceId, spanId] = response.headers.get('traceresponse')!.split('-')
      const [server] = await this.wait((span) => span.spanId === spanId)
      return { server: server!, all: spans.filter((span) => span.traceId === traceId) }
    },
  }
}
