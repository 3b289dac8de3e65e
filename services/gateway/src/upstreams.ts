import { createUpstream, type Upstream } from '@hello/service-kit/upstream'
import { timeBudget } from '@hello/shop/time-budget'
import fastifyPlugin from 'fastify-plugin'

export type UpstreamName = 'product' | 'inventory' | 'order'

declare module 'fastify' {
  interface FastifyInstance {
    upstreams: Record<UpstreamName, Upstream>
  }
}

export const upstreamsPlugin = fastifyPlugin<Record<UpstreamName, string>>(
  async (app, urls) => {
    const open = (name: UpstreamName) =>
      createUpstream({
        name,
        url: urls[name],
        attemptTimeout: timeBudget.gatewayAttempt,
        observer: app.upstreamObserver,
        interceptors: app.upstreamInterceptors,
      })
    app.decorate('upstreams', { product: open('product'), inventory: open('inventory'), order: open('order') })
    app.addHook('onClose', () => Promise.all(Object.values(app.upstreams).map((upstream) => upstream.close())))
  },
  { name: 'upstreams', dependencies: ['upstream-observer'] },
)
