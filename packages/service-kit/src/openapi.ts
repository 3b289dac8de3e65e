import swagger from '@fastify/swagger'
import swaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

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

/** Documents the routes as OpenAPI 3.1, from the schemas that validate and serialise: `/docs`, and `/docs/json`. */
export const openApiPlugin = fastifyPlugin<OpenApiOptions>(
  async (app, { title, description }) => {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: { title, description, version: '1.0.0' } },
    })
    await app.register(docsRoutes)
  },
  { name: 'openapi' },
)
