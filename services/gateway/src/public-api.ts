import { problems } from '@hello/service-kit/problem'
import { type PublicRoute, publicPrefix, publicRoutes } from './public-routes.ts'
import type { UpstreamName } from './upstreams.ts'

interface Operation {
  tags?: string[]
  requestBody?: unknown
  responses?: Record<string, unknown>
  security?: Record<string, string[]>[]
}

/** As much of an OpenAPI 3.1 document as is touched here. */
export interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> }
}

const ownAnswers = problems({
  429: 'Too many requests of this address or caller; see Retry-After',
  502: 'The service behind the gateway broke off',
  503: 'The service behind the gateway is away; see Retry-After',
  504: 'The service behind the gateway did not answer in time',
})
const ownBodyAnswers = problems({
  408: 'The body did not arrive in time',
  413: 'The body is too large',
  415: 'The body is not JSON',
})

const openId = 'openId'
const invalidToken = problems({ 401: 'The token is missing or invalid' })
const lackingScope = problems({ 403: 'The token lacks the scope' })

/** What an operation asks for where tokens are, and answers to those who do not have it. */
function guarded({ scope, caller }: PublicRoute) {
  if (scope) return { security: [{ [openId]: [scope] }], responses: { ...invalidToken, ...lackingScope } }
  if (caller === 'required') return { security: [{ [openId]: [] }], responses: invalidToken }
  return caller && { security: [{ [openId]: [] }, {}], responses: invalidToken }
}

/** Gives each schema its service's name, so that two services may each have a `Thing`. */
function withNamespace(document: OpenApiDocument, upstream: UpstreamName): OpenApiDocument {
  const { components, ...rest } = document
  const prefixed = JSON.stringify({
    ...rest,
    schemas: Object.fromEntries(
      Object.entries(components?.schemas ?? {}).map(([name, schema]) => [`${upstream}.${name}`, schema]),
    ),
  }).replaceAll('"#/components/schemas/', `"#/components/schemas/${upstream}.`)
  const { schemas, ...namespaced } = JSON.parse(prefixed)
  return { ...namespaced, components: { schemas } }
}

/**
 * The public API: the gateway's own document with the operations that it passes on, as the services describe them, at their
 * public paths and with the answers that the gateway gives itself.
 *
 * @param own the gateway's own document
 * @param services what each service says of itself
 * @param issuer OpenID provider whose tokens are asked for, where they are
 */
export function publicApi<Document extends OpenApiDocument>(
  own: Document,
  services: Record<UpstreamName, OpenApiDocument>,
  issuer: string | undefined,
): Document {
  const paths = { ...own.paths }
  const schemas = { ...own.components?.schemas }
  for (const name of Object.keys(services) as UpstreamName[]) {
    const service = withNamespace(services[name], name)
    Object.assign(schemas, service.components?.schemas)
    for (const route of publicRoutes.filter(({ upstream }) => upstream === name)) {
      const path = route.path.replace(/:(\w+)/, '{$1}')
      const method = route.method.toLowerCase()
      const operation = service.paths?.[path]?.[method]
      if (!operation) continue
      const guard = issuer ? guarded(route) : undefined
      paths[publicPrefix + path] = {
        ...paths[publicPrefix + path],
        [method]: {
          ...operation,
          tags: [name],
          ...(guard && { security: guard.security }),
          responses: {
            ...ownAnswers,
            ...guard?.responses,
            ...(operation.requestBody ? ownBodyAnswers : {}),
            ...operation.responses,
          },
        },
      }
    }
  }
  const openIdConnectUrl = `${issuer?.replace(/\/$/, '')}/.well-known/openid-configuration`
  const securitySchemes = issuer && { [openId]: { type: 'openIdConnect', openIdConnectUrl } }
  return { ...own, paths, components: { ...own.components, schemas, ...(securitySchemes && { securitySchemes }) } }
}
