import { after } from 'node:test'
import { startDemoProvider } from '@hello/local/sign-in/demo-provider'
import { freePort } from '@hello/processes/ports'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { buildApp } from '../server/app.ts'
import { testBundle, testSettings } from './frontend-server.ts'

export const secret = 'a-secret-of-thirty-two-characters!'

/** The page's server at which customers sign in, before a gateway that answers with what it was sent, for a file of tests. */
export async function startSignInServer({ tokenTime }: { tokenTime?: number } = {}) {
  const gateway = await startServer(({ path, headers }, response) =>
    json(response, 200, { path, authorization: headers.authorization ?? null }),
  )
  const page = `http://localhost:${await freePort()}`
  const provider = await startDemoProvider({
    ...{ port: 0, pageUrl: page, pageClient: 'page', audience: 'urn:shop' },
    ...(tokenTime && { tokenTime }),
  })
  const settings = {
    ...testSettings,
    TRUSTED_PROXIES: '127.0.0.1',
    ...{ GATEWAY_SERVICE_URL: gateway.url, PAGE_URL: page, SESSION_SECRET: secret },
    ...{ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: 'page' },
    OIDC_SCOPE: 'openid profile catalogue:write stock:write',
  }
  const app = await buildApp(settings, testBundle)
  after(async () => {
    await app.close()
    await provider.stop()
  })
  await app.listen({ host: '127.0.0.1', port: Number(new URL(page).port) })
  return { app, gateway, page, provider, settings }
}

/** The claims of a JWT that was sent as `Authorization`. */
export function claimsOf(authorization: string) {
  return JSON.parse(Buffer.from(authorization.split('.')[1]!, 'base64url').toString())
}
