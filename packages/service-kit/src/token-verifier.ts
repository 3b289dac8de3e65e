import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'

export interface TokenVerifierOptions {
  /** Of the tokens, as `iss` has it; its address of discovery (OpenID Connect Discovery 1.0, 4) says where its keys are. */
  issuer: string
  /** What `aud` must name. */
  audience: string
}

/** Who calls, by a token that was verified. */
export interface Caller {
  /** `sub`: of the issuer's, never used for another; 1-255 visible ASCII characters. */
  subject: string
  scopes: ReadonlySet<string>
}

/** The token is none that opens anything here; `message` says why in words that are no secret. */
export class InvalidToken extends Error {}

/** The issuer cannot be asked for its keys, so that nothing is known of the token. */
export class IssuerAway extends Error {}

/** Only those by which nobody who knows a public key can sign: no `none`, no HMAC. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** For an answer of the issuer; between two looks for a key that is not known; how long keys are taken as they were. Milliseconds. */
const answerWithin = 2000
const lookAgainAfter = 5000
const freshFor = 600_000
/** By how much two clocks may differ, in seconds. */
const clockTolerance = 5

/** OpenID Connect Core 1.0, 2, but for spaces, so that it can stand in a header and before another word. */
const subject = /^[\x21-\x7e]{1,255}$/

/** What is wrong, by jose's code; what is not here is no word about the token. */
const reasons: Record<string, string> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'It is signed by an algorithm that is not taken here.',
  ERR_JOSE_NOT_SUPPORTED: 'It is signed by an algorithm that is not taken here.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'It does not say which key of its issuer it is signed by.',
  ERR_JWKS_NO_MATCHING_KEY: 'It is signed by a key that its issuer does not have.',
  ERR_JWS_INVALID: 'It is not a signed JWT.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'Its signature is wrong.',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'It is of another issuer, for another audience, not valid yet, or lacks exp or sub.',
  ERR_JWT_EXPIRED: 'It has expired.',
  ERR_JWT_INVALID: 'It is not a signed JWT.',
}

/** `iss` of what is found at the address of discovery has to be the issuer, or anybody could hand out its keys. */
async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(answerWithin) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`)
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown }
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string')
    throw new Error(`${url} is not of the issuer ${issuer}, or has no jwks_uri.`)
  return createRemoteJWKSet(new URL(found.jwks_uri), {
    ...{ timeoutDuration: answerWithin, cooldownDuration: lookAgainAfter, cacheMaxAge: freshFor },
  })
}

/**
 * Verifies access tokens that are JWTs (RFC 9068) by the keys that their issuer publishes. They are asked for with the first token,
 * again after ten minutes, and where a token is signed by one that is not known.
 */
export function tokenVerifier({ issuer, audience }: TokenVerifierOptions): (token: string) => Promise<Caller> {
  let discovered: Promise<JWTVerifyGetKey> | undefined

  function keys() {
    discovered ??= discoverKeys(issuer).catch((cause) => {
      discovered = undefined
      throw new IssuerAway(`The keys of ${issuer} cannot be had.`, { cause })
    })
    return discovered
  }

  return async (token) => {
    const getKey = await keys()
    try {
      const { payload } = await jwtVerify(token, getKey, {
        ...{ issuer, audience, algorithms, clockTolerance },
        requiredClaims: ['exp', 'sub'],
      })
      if (typeof payload.sub !== 'string' || !subject.test(payload.sub))
        throw new InvalidToken('Its sub is not 1-255 visible ASCII characters.')
      const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : []
      return { subject: payload.sub, scopes: new Set(scopes) }
    } catch (cause) {
      if (cause instanceof InvalidToken) throw cause
      const reason = cause instanceof errors.JOSEError ? reasons[cause.code] : undefined
      if (reason) throw new InvalidToken(reason, { cause })
      throw new IssuerAway(`The keys of ${issuer} cannot be had.`, { cause })
    }
  }
}
