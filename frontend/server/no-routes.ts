import { routeNotFound } from '@hello/service-kit/problems'
import type { FastifyInstance } from 'fastify'

/** Where a setting leaves an API out: also not the page itself is below its path, whatever a request asks for. */
export async function noRoutes(app: FastifyInstance, { route, detail }: { route: string; detail: string }) {
  const refuse = async () => {
    throw routeNotFound(detail)
  }
  app.all(route, { schema: { hide: true }, onRequest: refuse }, refuse)
}
