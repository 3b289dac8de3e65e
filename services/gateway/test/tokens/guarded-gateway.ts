import { startService } from '@hello/service-kit/testing/child-service'
import { startServer } from '@hello/service-kit/testing/http-server'
import { startOpenIdProvider } from '@hello/service-kit/testing/openid-provider'
import { echo } from '../gateway.ts'

export const audience = 'shop'
export const json = { 'content-type': 'application/json' }
/** What a token has that lets the catalogue be written. */
export const catalogue = { scope: 'catalogue:write' }

interface Sent {
  method?: string
  path?: string
  authorization?: string
  body?: unknown
}

/** A gateway as a process of its own that asks for the tokens of a provider, before servers that record what they get. */
export async function startGuardedGateway() {
  const provider = await startOpenIdProvider(audience)
  const upstreams = {
    product: await startServer(echo('product')),
    inventory: await startServer(echo('inventory')),
    order: await startServer(echo('order')),
  }
  const { url, log } = await startService(new URL('../../src/server.ts', import.meta.url).pathname, {
    PRODUCT_SERVICE_URL: upstreams.product.url,
    INVENTORY_SERVICE_URL: upstreams.inventory.url,
    ORDER_SERVICE_URL: upstreams.order.url,
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: audience,
  })
  /** Sends a new product unless something else is said. */
  async function send({
    method = 'POST',
    path = '/api/products',
    authorization,
    body = { name: 'P', price: 1 },
  }: Sent) {
    const response = await fetch(url + path, {
      method,
      headers: { ...json, ...(authorization && { authorization }) },
      body: JSON.stringify(body),
    })
    return { status: response.status, headers: response.headers, answer: await response.json() }
  }
  return { provider, upstreams, url, log, send, writes: (token: string) => send({ authorization: `Bearer ${token}` }) }
}
