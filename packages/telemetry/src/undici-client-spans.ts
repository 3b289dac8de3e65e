import type { Socket } from 'node:net'
import {
  type Attributes,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions'
import { ChannelInstrumentation } from './diagnostics-channels.ts'
import { knownMethod, spanMethod } from './known-methods.ts'
import { keepWhatTheCalleeKeeps } from './trace-response.ts'

const clientSpan = Symbol('hello.clientSpan')

/** What undici tells of a call: https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
interface Request {
  origin?: string | URL
  method: string
  path: string
  addHeader(name: string, value: string): void
  [clientSpan]?: Span | undefined
}

interface Response {
  statusCode: number
  headers: Buffer[]
}

type UndiciError = Error & { code: string }

const headerSetter: TextMapSetter<Request> = { set: (request, name, value) => request.addHeader(name, value) }

interface Server {
  /** As undici was given it, it may end in a slash or name a user. */
  origin: string
  attributes: Attributes
}

const maxServers = 100
const servers = new Map<string, Server>()

/** The server that is called; remembered, for a service calls few. */
function serverOf({ origin }: Request): Server | undefined {
  const given = String(origin)
  const known = servers.get(given)
  if (known) return known
  const url = URL.parse(given)
  if (!url) return undefined
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const server = { origin: url.origin, attributes: { [ATTR_SERVER_ADDRESS]: url.hostname, [ATTR_SERVER_PORT]: port } }
  if (servers.size === maxServers) servers.clear()
  servers.set(given, server)
  return server
}

/** The span of a call that is over, which has one end. */
function takeSpan(request: Request): Span | undefined {
  const span = request[clientSpan]
  request[clientSpan] = undefined
  return span
}

/**
 * One CLIENT span for each call by undici or `fetch` within a request, told by undici's own diagnostics channels, with the attributes
 * that the semantic conventions require or recommend, and the context in the call's headers. Why not by
 * instrumentation-undici: docs/adr/0003-server-spans.md.
 *
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export class UndiciClientSpans extends ChannelInstrumentation {
  constructor() {
    super('undici-client-spans')
  }

  protected listeners() {
    return {
      'undici:request:create': ({ request }: { request: Request }) => this.#start(request),
      'undici:client:sendHeaders': sent,
      'undici:request:headers': answered,
      'undici:request:trailers': ({ request }: { request: Request }) => takeSpan(request)?.end(),
      'undici:request:error': failed,
    }
  }

  #start(request: Request) {
    const active = context.active()
    const parent = trace.getSpanContext(active)
    if (!parent || !isSpanContextValid(parent)) return
    const method = knownMethod(request.method)
    const span = this.tracer.startSpan(spanMethod(method), { kind: SpanKind.CLIENT }, active)
    if (span.isRecording()) {
      const server = serverOf(request)
      span.setAttribute(ATTR_HTTP_REQUEST_METHOD, method)
      if (method !== request.method) span.setAttribute(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, request.method)
      if (server) {
        span.setAttribute(ATTR_URL_FULL, server.origin + request.path)
        span.setAttributes(server.attributes)
      }
      request[clientSpan] = span
    }
    propagation.inject(trace.setSpan(active, span), request, headerSetter)
  }
}

function sent({ request, socket }: { request: Request; socket: Socket }) {
  const span = request[clientSpan]
  if (!span) return
  if (socket.remoteAddress !== undefined) span.setAttribute(ATTR_NETWORK_PEER_ADDRESS, socket.remoteAddress)
  if (socket.remotePort !== undefined) span.setAttribute(ATTR_NETWORK_PEER_PORT, socket.remotePort)
  const isHttp2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2'
  span.setAttribute(ATTR_NETWORK_PROTOCOL_VERSION, isHttp2 ? '2' : '1.1')
}

function answered({ request, response }: { request: Request; response: Response }) {
  const span = request[clientSpan]
  if (!span) return
  const { statusCode } = response
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode)
  if (statusCode >= 400) {
    span.setAttribute(ATTR_ERROR_TYPE, String(statusCode))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  keepWhatTheCalleeKeeps(span, response.headers)
}

/** A call that its own caller has given up is no failure. */
function failed({ request, error }: { request: Request; error: UndiciError }) {
  const span = takeSpan(request)
  if (!span) return
  if (error.name !== 'AbortError') {
    span.recordException(error)
    span.setAttribute(ATTR_ERROR_TYPE, error.code || error.name || 'Error')
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
  }
  span.end()
}
