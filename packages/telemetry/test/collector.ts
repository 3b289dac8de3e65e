import { after } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startGrpcReceiver } from '@hello/local/signals/receiver'
import type { Span } from '@hello/local/signals/span'
import type { TraceStore } from '@hello/local/signals/trace-store'

/** An OTLP/gRPC receiver that keeps every span. */
export async function startCollector(port = 0) {
  const spans: Span[] = []
  const store = { add: (received: Span[]) => spans.push(...received) } as unknown as TraceStore
  const receiver = await startGrpcReceiver(store, '127.0.0.1', port)
  after(receiver.close)

  return {
    spans,
    port: receiver.port,
    url: `http://127.0.0.1:${receiver.port}`,
    close: receiver.close,

    /** Waits up to ten seconds for `count` spans that `match`. */
    async wait(match: (span: Span) => boolean, count = 1): Promise<Span[]> {
      for (const deadline = Date.now() + 10_000; ; await delay(20)) {
        const found = spans.filter(match)
        if (found.length >= count) return found
        if (Date.now() > deadline) {
          throw new Error(
            `${found.length} of ${count} spans came; there are ${spans.map(({ name }) => name).join(', ')}`,
          )
        }
      }
    },

    /** The spans of the trace in which `traceresponse` names the SERVER span, once that has come. */
    async trace(response: Response): Promise<{ server: Span; all: Span[] }> {
      const [, traceId, spanId] = response.headers.get('traceresponse')!.split('-')
      const [server] = await this.wait((span) => span.spanId === spanId)
      return { server: server!, all: spans.filter((span) => span.traceId === traceId) }
    },
  }
}
