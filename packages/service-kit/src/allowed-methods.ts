import fastifyPlugin from 'fastify-plugin'
import findMyWay, { type HTTPMethod } from 'find-my-way'

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that have a route for `path`, sorted; empty when no route matches. */
    allowedMethods(path: string): string[]
  }
}

/**
 * Knows which methods a path takes, for 405 and `Allow`. Fastify's own router answers only "no route" for a wrong method,
 * so the routes are kept a second time in the router that Fastify itself is built on.
 */
export const allowedMethodsPlugin = fastifyPlugin(
  async (app) => {
    const router = findMyWay({ maxParamLength: 16 * 1024 })
    const methods = new Set<HTTPMethod>()
    /** Taken wherever there is a route, as @fastify/cors takes OPTIONS. */
    const everywhere = new Set<HTTPMethod>()
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat() as HTTPMethod[]) {
        if (url === '*') everywhere.add(one)
        if (url === '*' || router.hasRoute(one, url)) continue
        methods.add(one)
        router.on(one, url, () => {})
      }
    })
    app.decorate('allowedMethods', (path) => {
      const taken = [...methods].filter((method) => router.find(method, path))
      return taken.length === 0 ? [] : [...new Set([...taken, ...everywhere])].sort()
    })
  },
  { name: 'allowed-methods' },
)
