import rateLimit from '@fastify/rate-limit'
import fastifyPlugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** How many requests a client address may send in a second; may be changed while the service runs. */
    clientLimit: { perSecond: number }
  }
}

/** Answers 429 with `Retry-After` to a client address that sends more than `perSecond` requests to the routes of the scope. */
export const rateLimitPlugin = fastifyPlugin<{ perSecond: number }>(
  async (app, { perSecond }) => {
    const clientLimit = { perSecond }
    app.decorate('clientLimit', clientLimit)
    await app.register(rateLimit, {
      global: false,
      max: () => clientLimit.perSecond,
      timeWindow: 1000,
      addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
      addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    })
    const limit = app.rateLimit()
    app.addHook('onRequest', async function (request, reply) {
      // Requests that wait behind others on a connection that broke have no address any more, and nobody hears their answers.
      if (request.ip !== undefined) await limit.call(this, request, reply)
    })
  },
  { name: 'rate-limit' },
)
