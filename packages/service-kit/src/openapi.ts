import swagger, { type SwaggerTransform } from '@fastify/swagger'
import swaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { TObject } from 'typebox'

/** The page's styles are inline; nobody may frame it. */
const staticCSP = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"

export interface OpenApiOptions {
  title: string
  description: string
}

/** Shows the description at `/docs`, and gives it out at `/docs/json`, unobserved. */
export async function docsRoutes(
  app: FastifyInstance,
  options: Omit<FastifySwaggerUiOptions, 'routePrefix' | 'staticCSP'>,
) {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, observe: false }
  })
  await app.register(swaggerUi, { ...options, routePrefix: '/docs', staticCSP })
}

/** A parameter with a default may be left out, although the handler always gets it. */
const transform: SwaggerTransform = ({ schema, url }) => {
  const query = schema?.querystring as TObject | undefined
  if (!query?.required) return { schema, url }
  const required = query.required.filter((name) => !('default' in query.properties[name]!))
  return { schema: { ...schema, querystring: { ...query, required } }, url }
}

/** Documents the routes as OpenAPI 3.1, from the schemas that validate and serialise: `/docs`, and `/docs/json`. */
export const openApiPlugin = fastifyPlugin<OpenApiOptions>(
  async (app, { title, description }) => {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: { title, description, version: '1.0.0' } },
      transform,
    })
    await app.register(docsRoutes)
  },
  { name: 'openapi' },
)
