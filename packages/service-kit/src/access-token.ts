import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { insufficientScope, serviceUnavailable, tokenMissing, tooManyRequests } from './problems.ts'
import { type Caller, InvalidToken, IssuerAway, type TokenVerifierOptions, tokenVerifier } from './token-verifier.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** A hook for a route that only callers with this scope may use; `request.caller` is set after it. */
    requireScope(scope: string): onRequestAsyncHookHandler
    /** A hook for a route that needs a token of any scope. */
    requireCaller: onRequestAsyncHookHandler
    /** A hook for a route that needs none, and takes one for who calls. */
    acceptCaller: onRequestAsyncHookHandler
  }
  interface FastifyRequest {
    /** Who calls, where the route has one of the hooks and a token was sent. */
    caller: Caller | null
  }
}

export interface AccessTokenOptions extends TokenVerifierOptions {
  /** Most requests of one caller in a second, from however many addresses. */
  perSecond: number
}

/** RFC 6750, 2.1: the scheme in any case, one token. */
const bearer = /^Bearer +([\w\-.~+/]+=*)$/i

const challenge = (parameters: string) => ({ 'www-authenticate': `Bearer ${parameters}`.trimEnd() })

function tokenOf({ headers }: FastifyRequest): string {
  if (headers.authorization === undefined)
    throw tokenMissing('This needs a token: send it as Authorization: Bearer.', {}, challenge(''))
  const token = bearer.exec(headers.authorization)?.[1]
  if (token) return token
  throw tokenMissing('Authorization has to be Bearer and one token.', {}, challenge('error="invalid_request"'))
}

/**
 * Finds out who calls by the token of an OpenID provider, and lets only those in who may use a route, before their body is read. What
 * is refused is refused as RFC 6750 has it; each change leaves a line in the log that says who made it.
 */
export const accessTokenPlugin = fastifyPlugin<AccessTokenOptions>(
  async (app, { perSecond, ...options }) => {
    const verify = tokenVerifier(options)
    const countOf = app.createRateLimit({
      max: perSecond,
      timeWindow: 1000,
      keyGenerator: ({ caller }) => caller!.subject,
    })

    async function callerOf(request: FastifyRequest): Promise<Caller> {
      try {
        return await verify(tokenOf(request))
      } catch (error) {
        if (error instanceof InvalidToken)
          throw tokenMissing(
            `The token opens nothing here. ${error.message} Get a new one from ${options.issuer}.`,
            {},
            challenge('error="invalid_token"'),
          )
        if (!(error instanceof IssuerAway)) throw error
        request.log.error({ err: error }, 'no token can be verified')
        throw serviceUnavailable(
          'Who issues the tokens is away. Nothing was done; try again in a moment.',
          {},
          {
            'retry-after': '1',
          },
        )
      }
    }

    async function admit(request: FastifyRequest): Promise<Caller> {
      const caller = await callerOf(request)
      request.caller = caller
      const count = await countOf(request)
      if (!count.isAllowed && count.isExceeded)
        throw tooManyRequests(
          `One caller may send ${perSecond} requests in a second.`,
          {},
          { 'retry-after': String(count.ttlInSeconds) },
        )
      return caller
    }

    app.decorateRequest('caller', null)
    app.decorate('requireCaller', async (request) => {
      await admit(request)
    })
    app.decorate('acceptCaller', async (request) => {
      if (request.headers.authorization !== undefined) await admit(request)
    })
    app.decorate('requireScope', (scope) => async (request) => {
      const caller = await admit(request)
      if (!caller.scopes.has(scope))
        throw insufficientScope(
          `The token lacks the scope ${scope}.`,
          {},
          challenge(`error="insufficient_scope", scope="${scope}"`),
        )
    })
    app.addHook('onResponse', async (request, reply) => {
      const { caller, method, url, log } = request
      if (!caller || method === 'GET' || method === 'HEAD') return
      const resource = reply.getHeader('location') ?? url.split('?', 1)[0]
      log.info({ subject: caller.subject, method, resource, status: reply.statusCode }, 'audit')
    })
  },
  { name: 'access-token', dependencies: ['problem', 'rate-limit'] },
)
