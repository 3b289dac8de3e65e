import Fastify, { type FastifyInstance } from 'fastify'
import { allowedMethodsPlugin } from './allowed-methods.ts'
import { hostPlugin } from './host.ts'
import { malformedRequests } from './malformed-request.ts'
import { problemPlugin } from './problem-plugin.ts'

/**
 * The port for probes and Prometheus, apart from the public one: `/livez` (the process answers), `/readyz` (503 with the
 * reasons while something it needs is away) and `/metrics`.
 *
 * @param allowedHosts names that it answers for, separated by commas, or `*` for any, as probes come by a pod's address
 */
export function createManagement(app: FastifyInstance, allowedHosts: string): FastifyInstance {
  const management = Fastify({
    ...malformedRequests,
    http: { requireHostHeader: false },
    forceCloseConnections: true,
  })
  management.register(hostPlugin, { allowed: allowedHosts })
  management.register(allowedMethodsPlugin)
  management.register(problemPlugin, { types: app.problemTypes })
  management.register(async (routes) => {
    routes.addHook('onRoute', (route) => {
      route.config = { observe: false }
    })
    routes.get('/livez', () => ({ status: 'alive' }))
    routes.get('/readyz', async (_request, reply) => {
      const failures = await app.readiness.failures()
      if (Object.keys(failures).length === 0) return { status: 'ready' }
      return reply.code(503).send({ status: 'not ready', failures })
    })
    routes.get('/metrics', async (_request, reply) => {
      const { register } = app.metrics.client
      return reply.type(register.contentType).send(await register.metrics())
    })
  })
  return management
}
