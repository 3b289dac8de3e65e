import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { catalogue, json, startGuardedGateway } from './guarded-gateway.ts'

const { log, provider, send, upstreams, url, writes } = await startGuardedGateway()

describe('a write of the catalogue or the stock', () => {
  test('goes through with a token that allows it, and the token stays here', async () => {
    const token = await provider.token({ scope: 'openid catalogue:write' })
    assert.equal((await writes(token)).status, 200)
    const put = { method: 'PUT', path: '/api/inventory/product1', body: { quantity: 3 } }
    const authorization = `bearer ${await provider.token({ scope: 'stock:write' })}`
    assert.equal((await send({ ...put, authorization })).status, 200)
    const [product] = upstreams.product.seen.slice(-1)
    assert.equal(product?.headers.authorization, undefined)
    assert.equal(upstreams.inventory.seen.at(-1)?.headers.authorization, undefined)
  })

  test('leaves a line that says who did what, and no line has the token', async () => {
    const token = await provider.token({ ...catalogue, sub: 'somebody-else' })
    await writes(token)
    const audit = await eventually(() => {
      const line = log.find(({ subject }) => subject === 'somebody-else')
      assert.ok(line)
      return line
    })
    assert.deepEqual(
      { msg: audit.msg, method: audit.method, resource: audit.resource, status: audit.status },
      { msg: 'audit', method: 'POST', resource: '/api/products', status: 200 },
    )
    assert.ok(!JSON.stringify(log).includes(token.split('.')[2]!), 'a signature is in the log')
  })

  test('needs a token, and neither looking nor buying does', async () => {
    const { status, headers, answer } = await send({})
    assert.equal(status, 401)
    assert.equal(headers.get('www-authenticate'), 'Bearer')
    assert.match(answer.type, /token-missing$/)
    for (const [method, path] of [
      ['GET', '/api/products'],
      ['GET', '/api/inventory/product1'],
      ['POST', '/api/inventory/check'],
      ['POST', '/api/orders'],
      ['GET', '/api/orders/1'],
    ] as const)
      assert.equal(
        (await fetch(url + path, { method, ...(method === 'POST' && { headers: json, body: '{}' }) })).status,
        200,
      )
  })

  test('is refused before its body is read', async () => {
    const response = await fetch(`${url}/api/products`, { method: 'POST', headers: json, body: '{' })
    assert.equal(response.status, 401)
  })

  test('is refused with the scope of another', async () => {
    for (const scope of ['stock:write', '', 'catalogue', 'catalogue:write2', 'CATALOGUE:WRITE']) {
      const { status, headers, answer } = await writes(await provider.token({ scope }))
      assert.equal(status, 403, scope)
      assert.equal(headers.get('www-authenticate'), 'Bearer error="insufficient_scope", scope="catalogue:write"')
      assert.match(answer.type, /insufficient-scope$/)
    }
  })
})
