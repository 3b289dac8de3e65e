/**
 * The kits as their own pages show them: auto-instrumentations-node by --require, fastify-metrics on prom-client, Fastify's logger.
 * HANDLER_SPAN adds instrumentation-fastify, which auto-instrumentations-node no longer brings.
 */
if (process.env.HANDLER_SPAN) {
  const { FastifyInstrumentation } = require('@opentelemetry/instrumentation-fastify')
  new FastifyInstrumentation()
}
const Fastify = require('fastify')
const fastifyMetrics = require('fastify-metrics')

async function start() {
  const { serveMeasuredRoute } = await import('../measured-route.ts')
  const app = Fastify({ logger: true })
  await app.register(fastifyMetrics, { endpoint: '/metrics' })
  await serveMeasuredRoute(app)
}

start()
