import fastifyPlugin from 'fastify-plugin'

/**
 * Headers by which services speak to each other, or proxies to servers. What a stranger writes into them is nobody's word.
 * `X-Forwarded-*` is not among them: Fastify reads it only where the peer is a trusted proxy.
 */
const ofInsiders = ['baggage', 'tracestate', 'x-customer', 'x-request-deadline', 'forwarded', 'via', 'x-real-ip']

/**
 * For a server that strangers reach: takes such headers away before anything, telemetry included, has seen them
 * (docs/adr/0005-what-crosses-the-edge.md).
 */
export const edgePlugin = fastifyPlugin(
  async (app) => {
    app.server.prependListener('request', ({ headers }) => {
      for (const name of ofInsiders) delete headers[name]
    })
  },
  { name: 'edge' },
)
