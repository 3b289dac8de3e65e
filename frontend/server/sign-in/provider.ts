import { serviceUnavailable } from '@hello/service-kit/problems'
import * as openid from 'openid-client'
import { sessionOver, signInRefused } from '../problems.ts'

export interface ProviderOptions {
  issuer: string
  clientId: string
  /** Of a confidential client; one without is public, and PKCE alone says that the code is its own. */
  clientSecret: string | undefined
  scope: string
  /** Where the provider sends the browser back to. */
  redirectUri: string
}

/** What has to be remembered of a sign-in while the browser is at the provider. */
export interface PendingSignIn {
  state: string
  nonce: string
  verifier: string
}

export interface Tokens {
  accessToken: string
  refreshToken: string | undefined
  /** Milliseconds since 1970. */
  expiresAt: number
  /** By what the provider calls the customer, where it was asked to say. */
  name: string | undefined
}

/** For an answer of the provider, in seconds. */
const answerWithin = 5

const providerAway = (cause: unknown) =>
  Object.assign(serviceUnavailable('Who signs people in is away. Try again in a moment.', {}, { 'retry-after': '5' }), {
    cause,
  })

/** The code of an error by which the provider says no, or says what an honest one would not. Its cause may have tokens in it. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError)
    return error.error
  return error instanceof openid.ClientError && error.code !== 'OAUTH_TIMEOUT' ? error.code : undefined
}

const isName = (claim: unknown): claim is string => typeof claim === 'string' && claim !== ''

function toTokens(answer: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers): Tokens {
  const claims = answer.claims()
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + (answer.expiresIn() ?? 60) * 1000,
    name: [claims?.name, claims?.preferred_username, claims?.email, claims?.sub].find(isName),
  }
}

/** Opens what the page's server asks of an OpenID provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636). */
export function openProvider({ issuer, clientId, clientSecret, scope, redirectUri }: ProviderOptions) {
  let discovered: Promise<openid.Configuration> | undefined

  function configuration() {
    discovered ??= openid
      .discovery(new URL(issuer), clientId, clientSecret, clientSecret ? undefined : openid.None(), {
        timeout: answerWithin,
        // Whoever set an address without TLS knows the way there.
        execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
      })
      .catch((error) => {
        discovered = undefined
        throw providerAway(error)
      })
    return discovered
  }

  return {
    /** Where to send the browser, and what to remember until it is back. */
    async begin(): Promise<{ url: URL; pending: PendingSignIn }> {
      const verifier = openid.randomPKCECodeVerifier()
      const pending = { state: openid.randomState(), nonce: openid.randomNonce(), verifier }
      const url = openid.buildAuthorizationUrl(await configuration(), {
        ...{ redirect_uri: redirectUri, scope, state: pending.state, nonce: pending.nonce },
        ...{ code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      })
      return { url, pending }
    },

    /**
     * Takes the code with which the browser came back.
     *
     * @param query as the browser brought it
     * @returns undefined when the person did not want to
     * @throws Problem 403 it is not the answer to this sign-in, or the provider refuses it; 503 the provider is away
     */
    async finish(query: string, { state, nonce, verifier }: PendingSignIn): Promise<Tokens | undefined> {
      const config = await configuration()
      try {
        return toTokens(
          await openid.authorizationCodeGrant(config, new URL(`?${query}`, redirectUri), {
            ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
          }),
        )
      } catch (error) {
        if (error instanceof openid.AuthorizationResponseError && error.error === 'access_denied') return undefined
        const refusal = refusalOf(error)
        throw refusal
          ? signInRefused(`The sign-in did not end as it began (${refusal}). Begin it again at /auth/sign-in.`)
          : providerAway(error)
      }
    },

    /** @throws Problem 401 the session is over, 503 the provider is away */
    async refresh(refreshToken: string): Promise<Tokens> {
      const config = await configuration()
      try {
        const tokens = toTokens(await openid.refreshTokenGrant(config, refreshToken))
        return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
      } catch (error) {
        const refusal = refusalOf(error)
        throw refusal
          ? sessionOver(`You have been signed out (${refusal}). Sign in again at /auth/sign-in.`)
          : providerAway(error)
      }
    },

    /** Where to send a browser so that the provider forgets it too; undefined where it has no such address. */
    async endSessionUrl(backTo: string): Promise<URL | undefined> {
      const config = await configuration()
      if (!config.serverMetadata().end_session_endpoint) return undefined
      return openid.buildEndSessionUrl(config, { post_logout_redirect_uri: backTo })
    },

    /** Makes a refresh token worthless, where the provider can. */
    async revoke(refreshToken: string): Promise<void> {
      const config = await configuration()
      if (config.serverMetadata().revocation_endpoint) await openid.tokenRevocation(config, refreshToken)
    },
  }
}

export type Provider = ReturnType<typeof openProvider>
