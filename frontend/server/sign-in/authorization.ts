import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '@hello/service-kit/problem'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { otherOrigin, sessionOver } from '../problems.ts'
import { isForeign } from '../same-origin.ts'
import type { Provider, Tokens } from './provider.ts'
import type { Sessions } from './sessions.ts'

/** A token that ends within so many milliseconds is changed for a new one. */
const leeway = 10_000
/** For so long a refresh token that was used is remembered, so that requests that were under way with it find what it was changed for. */
const rememberFor = 30_000

const isChange = ({ method }: FastifyRequest) => method !== 'GET' && method !== 'HEAD'

/** Whether it matters who asks: not for looking at what everybody sees. */
const concernsCaller = (request: FastifyRequest) => isChange(request) || /^\/api\/orders(?![^/?])/.test(request.url)

/**
 * Makes what a browser's request is sent on with: the token of its session, fresh. The browser itself never has it.
 *
 * @returns none where there is no session or it does not matter; throws Problem 401 the session is over, 403 a page of another
 * origin asks for a change, 503 no fresh token can be had
 */
export function authorizationOf(provider: Provider, sessions: Sessions) {
  const refreshed = new Map<string, Promise<Tokens>>()

  function refresh(refreshToken: string): Promise<Tokens> {
    let tokens = refreshed.get(refreshToken)
    if (!tokens) {
      tokens = provider.refresh(refreshToken)
      refreshed.set(refreshToken, tokens)
      const forget = () => refreshed.delete(refreshToken)
      tokens.then(() => setTimeout(forget, rememberFor).unref(), forget)
    }
    return tokens
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<IncomingHttpHeaders> => {
    if (!concernsCaller(request)) return {}
    const session = await sessions.session(request, reply)
    const { accessToken, refreshToken, expiresAt = 0, name } = session
    if (accessToken === undefined) return {}
    if (isChange(request) && isForeign(request)) throw otherOrigin('What is bought is bought on the shop’s own page.')
    if (expiresAt - leeway > Date.now()) return { authorization: `Bearer ${accessToken}` }
    try {
      if (refreshToken === undefined)
        throw sessionOver('You have been signed out: the token of your session has ended. Sign in again.')
      const tokens = await refresh(refreshToken)
      Object.assign(session, { ...tokens, name: tokens.name ?? name })
      await session.save()
      return { authorization: `Bearer ${tokens.accessToken}` }
    } catch (error) {
      if (error instanceof Problem && error.status === 401) session.destroy()
      throw error
    }
  }
}
