import type { FrontendConfig } from '../config.ts'
import { authorizationOf } from './authorization.ts'
import { openProvider } from './provider.ts'
import { callbackPath } from './routes.ts'
import { openSessions } from './sessions.ts'

/**
 * Opens what signing in at an OpenID provider needs.
 *
 * @throws Error when one of the settings that go with it is not
 */
export function openSignIn(issuer: string, config: FrontendConfig) {
  const { OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_SCOPE, PAGE_URL, SESSION_SECRET } = config
  if (!OIDC_CLIENT_ID || !PAGE_URL || !SESSION_SECRET)
    throw new Error('OIDC_ISSUER needs OIDC_CLIENT_ID, PAGE_URL and SESSION_SECRET.')
  const { origin, protocol } = new URL(PAGE_URL)
  const sessions = openSessions(SESSION_SECRET, { isHttps: protocol === 'https:' })
  const provider = openProvider({
    ...{ issuer, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET, scope: OIDC_SCOPE },
    redirectUri: origin + callbackPath,
  })
  return { provider, sessions, pageUrl: origin, authorizationOf: authorizationOf(provider, sessions) }
}
