import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { trace } from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import { badGateway, gatewayTimeout, serviceUnavailable } from './problems.ts'
import { RequestBody } from './request-body.ts'
import type { Upstream } from './upstream.ts'
import { UpstreamError } from './upstream-error.ts'

export interface ForwardOptions {
  upstream: Upstream
  /** Path and query to ask the upstream for. */
  path: string
  /** Milliseconds since 1970. */
  deadline: number
  /** Whether the upstream may get the request twice. */
  repeatable: boolean
  /** What whoever forwards says itself, whatever the request had. */
  headers?: IncomingHttpHeaders
  /** The pseudonym by which whoever forwards is named in `Via` (RFC 9110, 7.6.3), rather than by its address. */
  pseudonym: string
}

export interface ForwardedAnswer {
  statusCode: number
  headers: IncomingHttpHeaders
  body: string | Buffer | Readable | null
}

/** What belongs to one connection and not to the message (RFC 9110, 7.6.1), apart from what `Connection` itself names. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
/** Of a stranger's headers only these go on (docs/adr/0005-what-crosses-the-edge.md). */
const forwarded = [
  'accept',
  'accept-encoding',
  'accept-language',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'traceparent',
  'user-agent',
]
/** Only with a body, which these describe. */
const forwardedWithBody = [...forwarded, 'content-encoding', 'content-length', 'content-type']
/** `date`, `x-request-id` and `traceresponse` are said of the forwarding service's own answer. */
const notReturned = new Set([...hopByHop, 'date', 'x-request-id', 'traceresponse'])

/** Takes out of `kept` what `Connection` names. */
function endToEnd(kept: IncomingHttpHeaders, { connection }: IncomingHttpHeaders): IncomingHttpHeaders {
  if (connection !== undefined && connection !== 'keep-alive' && connection !== 'close') {
    for (const name of connection.toLowerCase().split(',')) delete kept[name.trim()]
  }
  return kept
}

function answerHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept: IncomingHttpHeaders = {}
  for (const name in headers) if (!notReturned.has(name)) kept[name] = headers[name]
  return endToEnd(kept, headers)
}

function requestHeaders(request: FastifyRequest, pseudonym: string): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {}
  const given = request.headers
  for (const name of request.body ? forwardedWithBody : forwarded) {
    if (given[name] !== undefined) headers[name] = given[name]
  }
  endToEnd(headers, given)
  // While tracing is on, the undici instrumentation adds one of its own.
  if (trace.getActiveSpan()) delete headers.traceparent
  headers['x-request-id'] = request.id
  headers.via = `1.1 ${pseudonym}`
  headers['x-forwarded-for'] = (request.ips ?? [request.ip]).toReversed().join(', ')
  return headers
}

/** Text goes out together with the headers in one write, a Buffer takes a second, which costs as much as all else here. */
function payload(body: Buffer | Readable) {
  if (body instanceof Readable) return body
  if (body.length === 0) return null
  return isUtf8(body) ? body.toString() : body
}

/**
 * Sends a request on to an upstream, its body as `requestBodyPlugin` took it, and resolves with the answer, freed from
 * what concerns only the connection to the upstream.
 *
 * @throws Problem 502 the upstream broke the connection, 503 it is away, 504 it did not answer by the deadline
 */
export async function forward(
  request: FastifyRequest,
  { upstream, path, deadline, repeatable, headers: own, pseudonym }: ForwardOptions,
): Promise<ForwardedAnswer> {
  try {
    const { statusCode, headers, body } = await upstream.request({
      method: request.method as Dispatcher.HttpMethod,
      path,
      headers: { ...requestHeaders(request, pseudonym), ...own },
      body: request.body as Buffer | RequestBody | undefined,
      deadline,
      repeatable,
    })
    return { statusCode, headers: answerHeaders(headers), body: payload(body) }
  } catch (error) {
    throw error instanceof UpstreamError ? Object.assign(noAnswer(error, repeatable), { cause: error }) : error
  } finally {
    if (request.body instanceof RequestBody) request.body.discard()
  }
}

function noAnswer({ upstream, failure, maybeProcessed }: UpstreamError, repeatable: boolean) {
  const advice =
    maybeProcessed && !repeatable
      ? 'It may have done what was asked: look before you ask again, or use an Idempotency-Key.'
      : 'Nothing was lost; try again in a moment.'
  if (failure === 'timeout' || failure === 'caller-deadline')
    return gatewayTimeout(`The ${upstream} service did not answer in time. ${advice}`)
  if (failure === 'connection-lost')
    return badGateway(`The ${upstream} service broke off before it answered. ${advice}`)
  return serviceUnavailable(`The ${upstream} service is away. ${advice}`, {}, { 'retry-after': '1' })
}
