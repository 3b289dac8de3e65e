import type { FrontendConfig } from '../config.ts'
import { authorizationOf } from './authorization.ts'
import { openProvider } from './provider.ts'
import { callbackPath } from './routes.ts'
import { openSessions } from './sessions.ts'

/**
 * Opens what signing in needs, where an OpenID provider is set.
 *
 * @throws Error when one of the settings that go with it is not
 */
export function openSignIn({ OIDC_ISSUER, OIDC_CLIENT_ID, PAGE_URL, SESSION_SECRET, ...rest }: FrontendConfig) {
  if (!OIDC_ISSUER) return undefined
  if (!OIDC_CLIENT_ID || !PAGE_URL || !SESSION_SECRET)
    throw new Error('OIDC_ISSUER needs OIDC_CLIENT_ID, PAGE_URL and SESSION_SECRET.')
  const { origin, protocol } = new URL(PAGE_URL)
  const sessions = openSessions(SESSION_SECRET, { isHttps: protocol === 'https:' })
  const provider = openProvider({
    ...{ issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: rest.OIDC_CLIENT_SECRET, scope: rest.OIDC_SCOPE },
    redirectUri: origin + callbackPath,
  })
  return { provider, sessions, pageUrl: origin, authorizationOf: authorizationOf(provider, sessions) }
}
