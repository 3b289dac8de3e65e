import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { Client, credentials, Server, ServerCredentials } from '@grpc/grpc-js'
import { type ExportTraceServiceRequest, traceService } from '@hello/otlp/trace-service'
import { spansOf } from '@hello/otlp/wire-spans'
import type { Span } from '@hello/signals-api/span'

type Attributes = Record<string, string | number>

export interface SpanSettings {
  service?: string
  name?: string
  kind?: 'server' | 'client' | 'internal'
  durationMs?: number
  error?: boolean
  attributes?: Attributes
  statusMessage?: string
  events?: { name: string; attributes: Attributes }[]
}

/** A trace as it is sent: each span by the service that made it. */
export interface Trace {
  id: string
  /** One request of OTLP a span. */
  parts: ExportTraceServiceRequest[]
}

const listed = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }))

const kinds = { internal: 1, server: 2, client: 3 }

/** Makes a trace whose spans begin at once, of which the first is the root. */
export function trace(...spans: SpanSettings[]): Trace {
  const traceId = randomBytes(16)
  const root = randomBytes(8)
  const start = BigInt(Date.now()) * 1_000_000n
  const parts = spans.map((span, index) => {
    const { service = 'order', name = 'POST /orders', kind = 'server', durationMs = 5, error, attributes = {} } = span
    return {
      resourceSpans: [
        {
          resource: { attributes: listed({ 'service.name': service }) },
          scopeSpans: [
            {
              spans: [
                {
                  traceId,
                  spanId: index === 0 ? root : randomBytes(8),
                  ...(index > 0 && { parentSpanId: root }),
                  name,
                  kind: kinds[kind],
                  startTimeUnixNano: String(start),
                  endTimeUnixNano: String(start + BigInt(durationMs) * 1_000_000n),
                  attributes: listed(attributes),
                  status: { code: error ? 2 : 0, message: span.statusMessage ?? '' },
                  events: (span.events ?? []).map((event) => ({
                    name: event.name,
                    timeUnixNano: String(start),
                    attributes: listed(event.attributes),
                  })),
                },
              ],
            },
          ],
        },
      ],
    } as unknown as ExportTraceServiceRequest
  })
  return { id: traceId.toString('hex'), parts }
}

/** Sends by OTLP/gRPC, as a service does. */
export function sender(t: TestContext, address: string) {
  const client = new Client(address, credentials.createInsecure())
  t.after(() => client.close())
  const { path, requestSerialize, responseDeserialize } = traceService.Export
  const send = (request: ExportTraceServiceRequest) =>
    new Promise<void>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error) =>
        error ? reject(error) : resolve(),
      )
    })
  return {
    send,
    /** Part by part: no trace is sent at once, and no two parts of one follow each other. */
    async sendAll(traces: Trace[], perRequest = 500) {
      for (let part = 0; part < Math.max(...traces.map(({ parts }) => parts.length)); part++) {
        const requests = traces.flatMap(({ parts }) => parts[part] ?? [])
        for (let at = 0; at < requests.length; at += perRequest)
          await send({ resourceSpans: requests.slice(at, at + perRequest).flatMap((one) => one.resourceSpans!) })
      }
    },
  }
}

/** Takes spans in the place of Jaeger. */
export async function startReceiver(t: TestContext, wantedPort = 0) {
  const spans: Span[] = []
  const raw: string[] = []
  const server = new Server({ 'grpc.max_receive_message_length': -1 })
  server.addService(traceService as never, {
    Export({ request }: { request: ExportTraceServiceRequest }, answer: (error: null, response: object) => void) {
      spans.push(...spansOf(request).spans)
      raw.push(JSON.stringify(request))
      answer(null, {})
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wantedPort}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  const close = () => server.forceShutdown()
  t.after(close)
  return {
    address: `127.0.0.1:${port}`,
    port,
    close,
    spans,
    /** All that came, as JSON. */
    raw,
    /** How many spans came of each trace. */
    traces(): Map<string, number> {
      const counts = new Map<string, number>()
      for (const { traceId } of spans) counts.set(traceId, (counts.get(traceId) ?? 0) + 1)
      return counts
    },
  }
}
