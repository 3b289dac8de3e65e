import { randomBytes } from 'node:crypto'
import { type Plan, urlsOf } from '../shop/plan.ts'
import { asPeopleSay } from '../shop/service-program.ts'

/** What the services of a shop are told where customers sign in, and the OpenID provider that they sign in at. */
export interface ShopSignIn {
  /** Environment by service. */
  env: Partial<Record<string, Record<string, string>>>
  start(): Promise<{ stop(): Promise<void> }>
}

/** By what the demo's tokens say that they are for the shop, and by what its provider knows the page. */
const audience = 'urn:hello-observability'
const pageClient = 'hello-page'

/** Prepares the planned OpenID provider; undefined where none is planned. Every session ends with the shop. */
export function planSignIn(plan: Plan): ShopSignIn | undefined {
  const { signIn: port } = plan
  const [page] = urlsOf(plan, 'frontend')
  if (!port || !page) return undefined
  const pageUrl = asPeopleSay(page)
  const OIDC_ISSUER = `http://localhost:${port}`
  return {
    env: {
      gateway: { OIDC_ISSUER, OIDC_AUDIENCE: audience },
      frontend: {
        ...{ OIDC_ISSUER, OIDC_CLIENT_ID: pageClient, PAGE_URL: pageUrl },
        SESSION_SECRET: randomBytes(32).toString('base64url'),
      },
    },
    async start() {
      const { startDemoProvider } = await import('./demo-provider.ts')
      return startDemoProvider({ port, pageUrl, audience, pageClient })
    },
  }
}
