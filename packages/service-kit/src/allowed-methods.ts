import fastifyPlugin from 'fastify-plugin'
import findMyWay, { type HTTPMethod } from 'find-my-way'

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that have a route for `path`, sorted; empty when no route matches. */
    allowedMethods(path: string): string[]
  }
}

const hasParameter = (url: string) => url.includes(':')

/**
 * Knows which methods a path takes, for 405 and `Allow`. Fastify's own router answers only "no route" for a wrong method,
 * so the routes are kept a second time in the router that Fastify itself is built on.
 *
 * A path that a route names in full belongs to it: where `POST /things/check` is, `GET /things/check` does not ask for the
 * thing named check.
 */
export const allowedMethodsPlugin = fastifyPlugin(
  async (app) => {
    const router = findMyWay({ maxParamLength: 16 * 1024 })
    const methods = new Set<HTTPMethod>()
    const fullPaths = new Set<string>()
    /** Routes with a parameter that could stand for a full path. */
    const contested = new Set<string>()
    /** Taken wherever there is a route, as @fastify/cors takes OPTIONS. */
    const everywhere = new Set<HTTPMethod>()

    const routesOf = (path: string) =>
      [...methods].flatMap((method) => {
        const found = router.find(method, path)
        return found ? [{ method, url: found.store as string }] : []
      })

    app.addHook('onRoute', ({ method, url }) => {
      if (!hasParameter(url) && !url.includes('*')) fullPaths.add(url)
      for (const one of [method].flat() as HTTPMethod[]) {
        if (url === '*') everywhere.add(one)
        if (url === '*' || router.hasRoute(one, url)) continue
        methods.add(one)
        router.on(one, url, () => {}, url)
      }
    })
    app.addHook('onReady', async () => {
      for (const path of fullPaths) {
        for (const { url } of routesOf(path)) if (hasParameter(url)) contested.add(url)
      }
    })

    app.decorate('allowedMethods', (path) => {
      const routes = routesOf(path)
      const owned = routes.some(({ url }) => fullPaths.has(url))
      const taken = routes.filter(({ url }) => !owned || !hasParameter(url)).map(({ method }) => method)
      return taken.length === 0 ? [] : [...new Set([...taken, ...everywhere])].sort()
    })
    app.addHook('onRequest', (request, reply, done) => {
      const { routeOptions, url, method } = request
      if (contested.has(routeOptions.url!) && !app.allowedMethods(url.split('?', 1)[0]!).includes(method)) {
        reply.callNotFound()
      } else done()
    })
  },
  { name: 'allowed-methods' },
)
