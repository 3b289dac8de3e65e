import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startOpenIdProvider } from '@hello/service-kit/testing/openid-provider'
import { eventually } from '@hello/test-support/eventually'
import { startGatewayWithUpstreams } from '../gateway.ts'
import { audience, catalogue, json, startGuardedGateway } from './guarded-gateway.ts'

const { provider, writes } = await startGuardedGateway()

describe('the issuer', () => {
  test('may bring a new key and take the old one away', async () => {
    const old = await provider.token(catalogue)
    assert.equal((await writes(old)).status, 200)
    await provider.addKey('second', 'RS256')
    provider.removeKey('first')
    const token = await provider.token(catalogue, { kid: 'second' })
    await eventually(async () => assert.equal((await writes(token)).status, 200))
    assert.equal((await writes(old)).status, 401)
  })

  test('is not asked again for each token of a key that it does not have', async () => {
    const before = provider.asked.length
    const token = await provider.token(catalogue, { kid: 'second' })
    const [, payload, signature] = token.split('.')
    for (let count = 0; count < 50; count++) {
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: `made-up-${count}` })).toString('base64url')
      assert.equal((await writes(`${header}.${payload}.${signature}`)).status, 401)
    }
    assert.ok(provider.asked.length - before < 50, `${provider.asked.length - before} questions`)
  })

  test('may be away while its keys are known', async () => {
    provider.away = true
    try {
      assert.equal((await writes(await provider.token(catalogue, { kid: 'second' }))).status, 200)
    } finally {
      provider.away = false
    }
  })

  test('that is away at the start is asked again, and nobody is let in meanwhile', async () => {
    const late = await startOpenIdProvider(audience)
    late.away = true
    const gateway = await startGatewayWithUpstreams({ OIDC_ISSUER: late.issuer, OIDC_AUDIENCE: audience })
    const post = async () =>
      fetch(`${gateway.url}/api/products`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${await late.token(catalogue)}` },
        body: '{}',
      })
    const answer = await post()
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal((await fetch(`${gateway.url}/api/products`)).status, 200)
    late.away = false
    await eventually(async () => assert.equal((await post()).status, 200))
  })

  test('whose discovery says that it is another is not believed', async () => {
    const liar = await startOpenIdProvider(audience)
    const gateway = await startGatewayWithUpstreams({ OIDC_ISSUER: liar.issuer, OIDC_AUDIENCE: audience })
    liar.issuer = 'https://accounts.example.com'
    const headers = { ...json, authorization: `Bearer ${await liar.token(catalogue)}` }
    const answer = await fetch(`${gateway.url}/api/products`, { method: 'POST', headers, body: '{}' })
    assert.equal(answer.status, 503)
  })
})
