import type { FastifyReply, FastifyRequest } from 'fastify'
import { getIronSession, type IronSession } from 'iron-session'
import type { PendingSignIn, Tokens } from './provider.ts'

/** Of a session, from its last token on; of a sign-in that was begun. Seconds. */
const sessionTime = 12 * 3600
const signInTime = 600

/**
 * Keeps what is known of a browser in cookies of its own that only this server can read or make (sealed by iron-session), so that any
 * replica serves any browser and nothing is lost by a restart.
 *
 * @param secret at least 32 characters, the same in every replica; another ends every session
 */
export function openSessions(secret: string, { isHttps }: { isHttps: boolean }) {
  // No other host and no path of this one can set a cookie whose name begins so (RFC 6265bis, 4.1.3.2).
  const prefix = isHttps ? '__Host-' : ''
  const options = (name: string, ttl: number) => ({
    ...{ cookieName: prefix + name, password: secret, ttl, chunk: true },
    cookieOptions: { httpOnly: true, secure: isHttps, sameSite: 'lax', path: '/' } as const,
  })
  const ofSession = options('session', sessionTime)
  const ofSignIn = options('sign-in', signInTime)

  return {
    session: ({ raw }: FastifyRequest, reply: FastifyReply): Promise<IronSession<Tokens>> =>
      getIronSession<Tokens>(raw, reply.raw, ofSession),
    signIn: ({ raw }: FastifyRequest, reply: FastifyReply): Promise<IronSession<PendingSignIn>> =>
      getIronSession<PendingSignIn>(raw, reply.raw, ofSignIn),
  }
}

export type Sessions = ReturnType<typeof openSessions>
