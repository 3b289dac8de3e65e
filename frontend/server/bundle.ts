import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { fileNotFound } from './problems.ts'

/**
 * Serves the bundle: files named by their content's hash for ever, the page itself always fresh. Whatever other path a
 * person opens gets the page too, which knows its own routes.
 *
 * @throws Error at boot when the bundle is not built
 */
export async function bundleRoutes(app: FastifyInstance, { bundle }: { bundle: URL }) {
  const root = fileURLToPath(bundle)
  if (!existsSync(join(root, 'index.html'))) {
    throw new Error(`There is no index.html in ${root}. Run: npm run build -w frontend`)
  }
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    globIgnore: ['**/*.br', '**/*.gz'],
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(root, 'assets/'))
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/*', { schema: { hide: true } }, (request, reply) => {
    if (request.headers.accept?.includes('text/html')) return reply.sendFile('index.html')
    throw fileNotFound('There is no such file. If a page asked for it, reload the page: there is a newer one.')
  })
}
