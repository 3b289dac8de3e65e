import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { insufficientScope, serviceUnavailable, tokenMissing } from './problems.ts'
import { type Caller, InvalidToken, IssuerAway, type TokenVerifierOptions, tokenVerifier } from './token-verifier.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** A hook for a route that only callers with this scope may use; `request.caller` is set after it. */
    requireScope(scope: string): onRequestAsyncHookHandler
  }
  interface FastifyRequest {
    /** Who calls, where the route asks for a token. */
    caller: Caller | null
  }
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
 * Lets only those in who have a token of an OpenID provider with the scope that a route asks for, before their body is read. What is
 * refused is refused as RFC 6750 has it; what was allowed leaves a line in the log that says who did what.
 */
export const accessTokenPlugin = fastifyPlugin<TokenVerifierOptions>(
  async (app, options) => {
    const verify = tokenVerifier(options)

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

    app.decorateRequest('caller', null)
    app.decorate('requireScope', (scope) => async (request) => {
      const caller = await callerOf(request)
      if (!caller.scopes.has(scope))
        throw insufficientScope(
          `The token lacks the scope ${scope}.`,
          {},
          challenge(`error="insufficient_scope", scope="${scope}"`),
        )
      request.caller = caller
    })
    app.addHook('onResponse', async (request, reply) => {
      const { caller, method, url, log } = request
      if (!caller) return
      const resource = reply.getHeader('location') ?? url.split('?', 1)[0]
      log.info({ subject: caller.subject, method, resource, status: reply.statusCode }, 'audit')
    })
  },
  { name: 'access-token', dependencies: ['problem'] },
)
