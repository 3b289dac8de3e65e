import { forward } from '@hello/service-kit/forward'
import { requestBodyPlugin } from '@hello/service-kit/request-body'
import { ResourceId } from '@hello/service-kit/resource-id'
import { customerHeader } from '@hello/shop/customer'
import { pseudonym } from '@hello/shop/identity'
import { timeBudget } from '@hello/shop/time-budget'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type PublicRoute, publicPrefix, publicRoutes } from '../public-routes.ts'

/**
 * The upstream's path, from the route and not from the request, so that no encoding of slashes or dots leads anywhere else.
 */
function upstreamPath({ path }: PublicRoute, { params, raw }: FastifyRequest): string {
  const url = raw.url!
  const query = url.indexOf('?')
  const filled = path.replace(/:(\w+)/, (_, name) => (params as Record<string, string>)[name]!)
  return query === -1 ? filled : filled + url.slice(query)
}

/** A service's own path, with or without its address, as a path of the gateway; a relative reference holds as it is. */
function publicReference(reference: string): string {
  const path = reference.replace(/^(https?:)?\/\/[^/?#]*/, '')
  return path.startsWith('/') ? publicPrefix + path : path
}

/** @param withTokens whether those are asked for that say who calls and what they may do */
export const apiRoutes: FastifyPluginAsync<{ withTokens: boolean }> = async (app, { withTokens }) => {
  await app.register(requestBodyPlugin, {
    contentType: 'application/json',
    timeout: timeBudget.gatewayAttempt,
  })

  function guardOf({ scope, caller }: PublicRoute) {
    if (!withTokens) return []
    if (scope) return app.requireScope(scope)
    if (caller === 'required') return app.requireCaller
    return caller === 'optional' ? app.acceptCaller : []
  }

  for (const route of publicRoutes) {
    const parameter = /:(\w+)/.exec(route.path)?.[1]
    app.route({
      method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
      url: publicPrefix + route.path,
      config: { handlerSpan: false },
      onRequest: guardOf(route),
      schema: { hide: true, ...(parameter && { params: Type.Object({ [parameter]: ResourceId }) }) },
      handler: async (request, reply) => {
        const { statusCode, headers, body } = await forward(request, {
          upstream: app.upstreams[route.upstream],
          path: upstreamPath(route, request),
          deadline: Date.now() + timeBudget.gateway,
          repeatable: route.repeatable(request),
          ...(route.caller && request.caller && { headers: { [customerHeader]: request.caller.subject } }),
          pseudonym,
        })
        if (headers.location) headers.location = publicReference(headers.location)
        if (typeof headers.link === 'string') {
          headers.link = headers.link.replace(/<([^>]*)>/g, (_, reference) => `<${publicReference(reference)}>`)
        }
        return reply.code(statusCode).headers(headers).send(body)
      },
    })
  }
}
