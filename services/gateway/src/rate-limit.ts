import rateLimit from '@fastify/rate-limit'
import fastifyPlugin from 'fastify-plugin'

/** Answers 429 with `Retry-After` to a client address that sends more than `perSecond` requests, on whatever route. */
export const rateLimitPlugin = fastifyPlugin<{ perSecond: number }>(
  async (app, { perSecond }) => {
    await app.register(rateLimit, {
      global: false,
      max: perSecond,
      timeWindow: 1000,
      addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
      addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    })
    app.addHook('onRequest', app.rateLimit())
  },
  { name: 'rate-limit' },
)
