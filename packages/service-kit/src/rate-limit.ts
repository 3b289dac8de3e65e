import rateLimit from '@fastify/rate-limit'
import fastifyPlugin from 'fastify-plugin'

/** Answers 429 with `Retry-After` to a client address that sends more than `perSecond` requests to the routes of the scope. */
export const rateLimitPlugin = fastifyPlugin<{ perSecond: number }>(
  async (app, { perSecond }) => {
    await app.register(rateLimit, {
      global: false,
      max: perSecond,
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
