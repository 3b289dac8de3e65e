import { problems } from '@hello/service-kit/problem'
import { rateLimitPlugin } from '@hello/service-kit/rate-limit'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { signInRefused } from '../problems.ts'
import { sameOriginPlugin } from '../same-origin.ts'
import type { Provider } from './provider.ts'
import type { Sessions } from './sessions.ts'

/** Requests of one client address in a second: a person makes one, an office shares an address. */
const perSecond = 20

export const callbackPath = '/auth/callback'

interface SignInOptions {
  provider: Provider
  sessions: Sessions
  /** The page's own address. */
  pageUrl: string
}

/** Sends the browser to the OpenID provider, takes it back, and signs it out. */
export async function signInRoutes(app: FastifyInstance, { provider, sessions, pageUrl }: SignInOptions) {
  await app.register(rateLimitPlugin, { perSecond })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.get('/auth/sign-in', { schema: { hide: true } }, async (request, reply) => {
    const { url, pending } = await provider.begin()
    const signIn = await sessions.signIn(request, reply)
    await Object.assign(signIn, pending).save()
    return reply.redirect(url.href, 303)
  })

  app.get(callbackPath, { schema: { hide: true } }, async (request, reply) => {
    const signIn = await sessions.signIn(request, reply)
    const { state, nonce, verifier } = signIn
    if (!state || !nonce || !verifier)
      throw signInRefused('This browser began no sign-in, or has ended it. Begin it at /auth/sign-in.')
    signIn.destroy()
    const query = request.url.split('?', 2)[1] ?? ''
    const tokens = await provider.finish(query, { state, nonce, verifier })
    if (tokens) {
      const session = await sessions.session(request, reply)
      await Object.assign(session, tokens).save()
    }
    return reply.redirect('/', 303)
  })

  await app.register(async (app) => {
    await app.register(sameOriginPlugin, { advice: 'Sign out on the shop’s own page.' })
    app.post(
      '/auth/sign-out',
      {
        schema: {
          summary: 'Sign out',
          response: {
            200: Type.Object({ url: Type.String({ description: 'where the browser goes next' }) }),
            ...problems({ 403: 'A page of another origin asks' }),
          },
        },
      },
      async (request, reply) => {
        const session = await sessions.session(request, reply)
        const { refreshToken } = session
        session.destroy()
        try {
          if (refreshToken) await provider.revoke(refreshToken)
          const url = await provider.endSessionUrl(pageUrl)
          return { url: url?.href ?? '/' }
        } catch (error) {
          request.log.warn({ err: error }, 'signed out here, but not at the provider')
          return { url: '/' }
        }
      },
    )
  })
}
