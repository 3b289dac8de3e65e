import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertRefused, send } from './refusals.ts'

describe('queries', () => {
  for (const collection of ['products', 'inventory', 'orders']) {
    test(`of /api/${collection} that make no sense: 400`, async () => {
      for (const query of [
        'limit=0',
        'limit=-1',
        'limit=101',
        'limit=1.5',
        'limit=NaN',
        'limit=1e308',
        'limit=1e400',
        'limit=Infinity',
        'limit=-1e999',
        'limit=0x10',
        'limit=1e1',
        'limit=%205',
        'limit=5.0',
        'limit=abc',
        'limit=',
        'limit=1&limit=2',
        'limit[]=1',
        'after=%00',
        'after=!!!',
        'after=MTIzNDU2Nzg5MDEyMzQ1Njc4OTA',
        'after=LTE',
        'after=1&after=2',
        'after=ffffffffffffffff',
        `after=${'A'.repeat(10_000)}`,
      ]) {
        const { status, body } = await send('GET', `/api/${collection}?${query}`)
        if (query === 'limit[]=1') assert.equal(status, 200, 'an unknown parameter is ignored')
        else assert.equal(status, 400, `${query}: ${body.slice(0, 200)}`)
      }
    })
  }
})

describe('routes', () => {
  for (const [method, path, status] of [
    ['GET', '/api/nothing', 404],
    ['POST', '/api/nothing', 404],
    ['GET', '/api/products/a/b', 404],
    ['GET', '/products', 404],
    ['PUT', '/reservations/1', 404],
    ['PUT', '/api/reservations/1', 404],
    ['DELETE', '/api/reservations/1', 404],
    ['GET', '/.env', 404],
    ['GET', `/${'a'.repeat(10_000)}`, 404],
    ['DELETE', '/api/products', 405],
    ['PUT', '/api/products/product1', 405],
    ['PATCH', '/api/inventory/product1', 405],
    ['POST', '/api/inventory', 405],
    ['DELETE', '/api/orders/1', 405],
    ['TRACE', '/api/orders', 405],
    ['QUERY', '/api/orders', 405],
  ] as const) {
    test(`${method} ${path.slice(0, 30)}: ${status}`, () =>
      assertRefused(status, method, path, method === 'POST' || method === 'PUT' ? '{}' : undefined))
  }

  test('what is wrong is the route, whatever is wrong with the body', async () => {
    for (const body of ['{', '\0']) await assertRefused(404, 'POST', '/api/nothing', body)
    await assertRefused(405, 'POST', '/api/inventory', '{')
    await assertRefused(405, 'POST', '/api/inventory', 'a=b', { 'content-type': 'text/plain' })
  })
})
