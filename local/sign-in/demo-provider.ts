import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'

/** Who has this name may do what the token's scopes allow; everybody else may buy. */
export const staff = 'staff'
const staffScope = 'catalogue:write stock:write'

interface DemoProviderOptions {
  /** 0 for a free one. */
  port: number
  /** The page's own address. */
  pageUrl: string
  /** The id of the page's client. */
  pageClient: string
  /** What the access tokens are for: an absolute URI (RFC 8707, 2). */
  audience: string
  /** Of access tokens, in seconds. */
  tokenTime?: number
}

/** Asks nobody for consent: the demo's only client is the shop itself. */
async function grantToPage({ oidc }: KoaContextWithOIDC, audience: string) {
  const { clientId } = oidc.client!
  const accountId = oidc.session!.accountId!
  const granted = oidc.session!.grantIdFor(clientId)
  const known = granted && (await oidc.provider.Grant.find(granted))
  if (known) return known
  const grant = new oidc.provider.Grant({ clientId, accountId })
  grant.addOIDCScope('openid profile')
  if (accountId === staff) grant.addResourceScope(audience, staffScope)
  else grant.rejectResourceScope(audience, staffScope)
  await grant.save()
  return grant
}

async function configuration({
  pageUrl,
  pageClient,
  audience,
  tokenTime = 300,
}: DemoProviderOptions): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    clients: [
      {
        client_id: pageClient,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${pageUrl}/auth/callback`],
        post_logout_redirect_uris: [pageUrl],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'demo' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: accountId }) }),
    loadExistingGrant: (context) => grantToPage(context, audience),
    issueRefreshToken: () => true,
    ttl: {
      AccessToken: tokenTime,
      IdToken: 300,
      Interaction: 600,
      Session: 12 * 3600,
      Grant: 12 * 3600,
      RefreshToken: 12 * 3600,
    },
    features: {
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          ...{ scope: staffScope, audience, accessTokenFormat: 'jwt' },
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}

/**
 * Runs an OpenID provider on this machine that believes everybody the name they give: for the demo and for tests, never for anybody
 * else. It forgets its sessions when it ends.
 */
export async function startDemoProvider(options: DemoProviderOptions) {
  const server = createServer().listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  // As the browser has it, which is sent there.
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, await configuration(options))
  server.on('request', provider.callback())
  return {
    issuer,
    async stop() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
