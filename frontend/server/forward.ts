import type { IncomingHttpHeaders } from 'node:http'
import { defineProblem } from '@hello/service-kit/problem'
import { createUpstream, UpstreamError } from '@hello/service-kit/upstream'
import type { FastifyInstance } from 'fastify'
import type { Dispatcher } from 'undici'

type ForwardOptions = {
  /** The upstream's name in logs and problems. */
  name: string
  /** The upstream's base URL. */
  url: string
  /** The route that is passed on, such as `/api/*`. */
  path: string
  /** What to ask the upstream for instead of the request's own path. */
  upstreamPath?: string
  /** Milliseconds until the answer's headers; the default is shorter than the browser's own patience (src/shared/api-client.ts). */
  timeout?: number
}

/** What belongs to one connection (RFC 9110, 7.6.1), and the names that the next hop must set itself. */
const notForwarded = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
]

const badGateway = defineProblem('bad-gateway', { status: 502, title: 'Bad gateway' })
const unavailable = defineProblem('service-unavailable', { status: 503, title: 'Service unavailable' })
const gatewayTimeout = defineProblem('gateway-timeout', { status: 504, title: 'Gateway timeout' })

/** Passes a path on to an upstream as it comes, both ways, and answers a problem when the upstream is away. */
export async function forwardRoutes(app: FastifyInstance, options: ForwardOptions) {
  const { name, url, path, upstreamPath, timeout = 12_000 } = options
  const upstream = createUpstream({ name, url, attemptTimeout: timeout, observer: app.upstreamObserver })
  app.addHook('onClose', () => upstream.close())

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.all(path, async (request, reply) => {
    try {
      const answer = await upstream.request({
        method: request.method as Dispatcher.HttpMethod,
        path: upstreamPath ?? request.url,
        headers: { ...endToEnd(request.headers), 'x-request-id': request.id },
        body: request.body as Buffer | undefined,
        deadline: Date.now() + timeout,
        repeatable: false,
      })
      return reply.code(answer.statusCode).headers(endToEnd(answer.headers)).send(answer.body)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      request.log.warn({ upstream: name, failure: error.failure }, 'an upstream gave no answer')
      if (error.failure === 'timeout') throw gatewayTimeout(`The ${name} did not answer in time. Try again.`)
      if (error.maybeProcessed) throw badGateway(`The ${name} broke off before it answered. Try again.`)
      throw unavailable(`The ${name} is away. Try again in a moment.`, {}, { 'retry-after': '1' })
    }
  })
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? []
  return Object.fromEntries(
    Object.entries(headers).filter(([header]) => !notForwarded.includes(header) && !named.includes(header)),
  )
}
