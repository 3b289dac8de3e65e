import fastifyPlugin from 'fastify-plugin'
import type { UpstreamObserver } from './upstream.ts'

declare module 'fastify' {
  interface FastifyInstance {
    upstreamObserver: UpstreamObserver
  }
}

/** Turns what upstreams do into log lines. */
export const upstreamObserverPlugin = fastifyPlugin(
  async (app) => {
    app.decorate('upstreamObserver', {
      onRetry: (upstream, attempt) => app.log.warn({ upstream, attempt }, 'trying an upstream again'),
      onBreaker: (upstream, state) => app.log.warn({ upstream, state }, 'circuit breaker changed'),
    })
  },
  { name: 'upstream-observer' },
)
