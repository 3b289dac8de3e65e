import Fastify, { type FastifyInstance } from 'fastify'
import { hostPlugin } from './host.ts'

/**
 * The port for probes and Prometheus, apart from the public one: `/livez` (the process answers), `/readyz` (503 with the
 * reasons while something it needs is away) and `/metrics`.
 *
 * @param allowedHosts names that it answers for, separated by commas, or `*` for any, as probes come by a pod's address
 */
export function createManagement(app: FastifyInstance, allowedHosts: string): FastifyInstance {
  const management = Fastify({ forceCloseConnections: true })
  management.register(hostPlugin, { allowed: allowedHosts })
  management.get('/livez', () => ({ status: 'alive' }))
  management.get('/readyz', async (_request, reply) => {
    const failures = await app.readiness.failures()
    if (Object.keys(failures).length === 0) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready', failures })
  })
  management.get('/metrics', async (_request, reply) => {
    const { register } = app.metrics.client
    return reply.type(register.contentType).send(await register.metrics())
  })
  return management
}
