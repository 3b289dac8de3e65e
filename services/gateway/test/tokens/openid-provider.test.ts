import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { listen } from '@hello/service-kit/testing/http-server'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { startGatewayWithUpstreams } from '../gateway.ts'

const audience = 'https://api.shop.example.com'
const client = { client_id: 'warehouse', client_secret: 'a-secret-of-the-warehouse' }

/** A real OpenID provider (certified by the OpenID Foundation) with one client that is no person. */
async function startProvider() {
  const server = createServer()
  const { url: issuer } = await listen(server)
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'of-today' }] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          ...{ scope: 'catalogue:write stock:write', audience, accessTokenFormat: 'jwt' },
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
  server.on('request', provider.callback())
  return {
    issuer,
    async token(scope: string): Promise<string> {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...client, grant_type: 'client_credentials', scope }),
      })
      assert.equal(response.status, 200, await response.clone().text())
      return (await response.json()).access_token
    },
  }
}

test('a token of a real OpenID provider opens what its scope says, and no more', async () => {
  const provider = await startProvider()
  const { url } = await startGatewayWithUpstreams({ OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: audience })
  const send = async (method: string, path: string, scope: string) => {
    const authorization = `Bearer ${await provider.token(scope)}`
    const headers = { 'content-type': 'application/json', authorization }
    return (await fetch(url + path, { method, headers, body: '{}' })).status
  }
  assert.equal(await send('PUT', '/api/inventory/product1', 'stock:write'), 200)
  assert.equal(await send('POST', '/api/products', 'stock:write'), 403)
  assert.equal(await send('POST', '/api/products', 'stock:write catalogue:write'), 200)
})
