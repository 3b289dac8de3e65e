import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startOpenIdProvider } from '@hello/service-kit/testing/openid-provider'
import { eventually } from '@hello/test-support/eventually'
import { startGatewayWithUpstreams } from '../gateway.ts'
import { audience, json, startGuardedGateway } from './guarded-gateway.ts'

const { log, provider, send, upstreams, url } = await startGuardedGateway()
const order = { method: 'POST', path: '/api/orders', body: { productId: 'product1', quantity: 1 } }
const tokenOf = (sub: string) => provider.token({ sub, scope: 'openid' })
const bearer = async (sub: string) => ({ authorization: `Bearer ${await tokenOf(sub)}` })
const stale = async () => `Bearer ${await provider.token({ exp: Math.floor(Date.now() / 1000) - 60 })}`
const told = () => upstreams.order.seen.at(-1)?.headers

describe('an order', () => {
  test('with a token is the customer’s, and the token stays here', async () => {
    assert.equal((await send({ ...order, ...(await bearer('alice')) })).status, 200)
    assert.equal(told()?.['x-customer'], 'alice')
    assert.equal(told()?.authorization, undefined)
  })

  test('without one is nobody’s, whatever is written into the header', async () => {
    const headers = { ...json, 'x-customer': 'alice', 'X-CUSTOMER': 'alice' }
    assert.equal((await fetch(url + order.path, { ...order, headers, body: '{}' })).status, 200)
    assert.equal(told()?.['x-customer'], undefined)
  })

  test('with a token is the customer’s of the token, whatever is written into the header', async () => {
    const headers = { ...json, 'x-customer': 'bob', ...(await bearer('alice')) }
    await fetch(url + order.path, { ...order, headers, body: '{}' })
    assert.equal(told()?.['x-customer'], 'alice')
  })

  test('with a token that opens nothing is refused, and not taken for nobody’s', async () => {
    const before = upstreams.order.seen.length
    for (const authorization of ['Bearer x.y.z', 'Basic YTpi', await stale()])
      assert.equal((await send({ ...order, authorization })).status, 401)
    assert.equal(upstreams.order.seen.length, before)
  })

  test('of a customer whose name cannot stand in a header is refused', async () => {
    for (const sub of ['a b', 'a\nx-admin: true', 'ä', '', 'x'.repeat(256)])
      assert.equal((await send({ ...order, ...(await bearer(sub)) })).status, 401, JSON.stringify(sub))
  })
})

test('the list of the orders is a customer’s', async () => {
  const answer = await fetch(`${url}/api/orders`)
  assert.equal(answer.status, 401)
  assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
  const headers = await bearer('alice')
  assert.equal((await fetch(`${url}/api/orders?limit=3`, { headers })).status, 200)
  assert.equal(told()?.['x-customer'], 'alice')
  assert.equal((await fetch(`${url}/api/orders`, { method: 'HEAD' })).status, 401)
})

test('one order is asked for in the name of who has signed in, or of nobody', async () => {
  assert.equal((await fetch(`${url}/api/orders/1`)).status, 200)
  assert.equal(told()?.['x-customer'], undefined)
  await fetch(`${url}/api/orders/1`, { headers: await bearer('bob') })
  assert.equal(told()?.['x-customer'], 'bob')
})

test('the product and the inventory service are not told who asks', async () => {
  for (const path of ['/api/products', '/api/inventory/product1'])
    assert.equal((await fetch(url + path, { headers: await bearer('alice') })).status, 200)
  const authorization = `Bearer ${await provider.token({ scope: 'stock:write' })}`
  await send({ method: 'PUT', path: '/api/inventory/product1', body: { quantity: 1 }, authorization })
  for (const { seen } of [upstreams.product, upstreams.inventory])
    for (const { headers } of seen) assert.equal(headers['x-customer'], undefined)
})

test('looking leaves no line of who looked', async () => {
  await fetch(`${url}/api/orders`, { headers: await bearer('looks-only') })
  await send({ ...order, ...(await bearer('buys-something')) })
  await eventually(() => assert.ok(log.some(({ subject }) => subject === 'buys-something')))
  assert.ok(!log.some(({ subject }) => subject === 'looks-only'))
})

test('one caller may ask so often from all addresses together, and another is not hindered', async () => {
  const own = await startOpenIdProvider(audience)
  const gateway = await startGatewayWithUpstreams({
    OIDC_ISSUER: own.issuer,
    OIDC_AUDIENCE: audience,
    CALLER_RATE_LIMIT_PER_SECOND: 5,
    TRUSTED_PROXIES: '127.0.0.1',
  })
  const [alice, bob] = await Promise.all(['alice', 'bob'].map((sub) => own.token({ sub })))
  const ask = (token: string, address: string) =>
    fetch(`${gateway.url}/api/orders`, { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': address } })
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(alice!, `192.0.2.${n}`)))
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length > 0, 'nobody was refused')
  assert.equal(refused[0]!.headers.get('retry-after'), '1')
  assert.match((await refused[0]!.json()).type, /too-many-requests$/)
  assert.equal((await ask(bob!, '192.0.2.1')).status, 200)
})
