import cors from '@fastify/cors'
import fastifyPlugin from 'fastify-plugin'
import { publicRoutes } from './public-routes.ts'

/** Lets the pages of `origin` (one, several separated by commas, or `*`) call, and read what the contract puts in headers. */
export const corsPlugin = fastifyPlugin<{ origin: string }>(
  async (app, { origin }) => {
    const origins = origin.split(',')
    app.addHook('onRequest', ({ method, url }, reply, done) => {
      if (method === 'OPTIONS') {
        const methods = app.allowedMethods(url.split('?', 1)[0]!)
        if (methods.length > 0) reply.header('allow', methods.join(', '))
      }
      done()
    })
    await app.register(cors, {
      origin: origins.length === 1 ? origin : origins,
      methods: ['HEAD', ...new Set(publicRoutes.map(({ method }) => method))],
      allowedHeaders: [
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'if-none-match',
        'traceparent',
        'tracestate',
        'baggage',
        'x-request-id',
      ],
      exposedHeaders: [
        'etag',
        'idempotent-replayed',
        'link',
        'location',
        'retry-after',
        'traceresponse',
        'www-authenticate',
        'x-request-id',
      ],
      maxAge: 7200,
      // An OPTIONS that is no preflight is answered like one, with the methods, and not with an error in plain text.
      strictPreflight: false,
    })
  },
  { name: 'cors', dependencies: ['allowed-methods'] },
)
