import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastifyPlugin from 'fastify-plugin'

export interface OpenApiOptions {
  title: string
  description: string
}

/** Documents the routes as OpenAPI 3.1, from the schemas that validate and serialise: `/docs`, and `/docs/json`. */
export const openApiPlugin = fastifyPlugin<OpenApiOptions>(
  async (app, { title, description }) => {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: { title, description, version: '1.0.0' } },
    })
    await app.register(swaggerUi, { routePrefix: '/docs' })
  },
  { name: 'openapi' },
)
