import type { FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { otherOrigin } from './problems.ts'

/** Whether a page of another origin asks. Where a browser does not say so itself (over plain HTTP), it names the origin; programs do neither. */
export function isForeign({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin'
  const { origin } = headers
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)
}

/**
 * Refuses with 403 what a page of another origin asks of the routes of the scope in the name of whoever looks at it. It could not
 * without a preflight, which nobody answers; this says so, and holds whatever the content type.
 *
 * @param advice what to do instead
 */
export const sameOriginPlugin = fastifyPlugin<{ advice: string }>(
  async (app, { advice }) => {
    app.addHook('onRequest', async (request) => {
      if (isForeign(request)) throw otherOrigin(advice)
    })
  },
  { name: 'same-origin' },
)
