import type { IncomingHttpHeaders } from 'node:http'
import { forward } from '@hello/service-kit/forward'
import { requestBodyPlugin } from '@hello/service-kit/request-body'
import { createUpstream } from '@hello/service-kit/upstream'
import { pseudonym } from '@hello/shop/identity'
import { timeBudget } from '@hello/shop/time-budget'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

type PassedRouteOptions = {
  /** The upstream's service name. */
  name: string
  /** The upstream's base URL. */
  url: string
  /** The route that is passed on, such as `/api/*`. */
  route: string
  /** Milliseconds until there is an answer; by default less than the browser's own patience (src/shared/api-client.ts). */
  timeout?: number
  /** What the request is sent on with beside what it has. */
  headersOf?: ((request: FastifyRequest, reply: FastifyReply) => Promise<IncomingHttpHeaders>) | undefined
  /** Whether signals tell of the requests; looking at signals makes none. */
  observe?: boolean
}

/** Passes a route on to an upstream, once, as it comes; the gateway behind it and the browser know what to repeat. */
export async function passedRoutes(app: FastifyInstance, options: PassedRouteOptions) {
  const { name, url, route, timeout = timeBudget.frontend, headersOf, observe = true } = options
  const upstream = createUpstream({
    name,
    url,
    attemptTimeout: timeout,
    observer: app.upstreamObserver,
    interceptors: app.upstreamInterceptors,
  })
  app.addHook('onClose', () => upstream.close())
  await app.register(requestBodyPlugin, { contentType: '*', timeout })
  app.all(route, { config: { observe, handlerSpan: false }, schema: { hide: true } }, async (request, reply) => {
    const own = await headersOf?.(request, reply)
    const { statusCode, headers, body } = await forward(request, {
      upstream,
      path: request.url,
      deadline: Date.now() + timeout,
      repeatable: false,
      ...(own && { headers: own }),
      pseudonym,
    })
    return reply.code(statusCode).headers(headers).send(body)
  })
}
