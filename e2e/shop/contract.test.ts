import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { gateway } from '../lib/running-shop.ts'
import { type Answer, shopClient } from '../lib/shop-client.ts'

const { call, order, stock, stockProduct } = shopClient(gateway)

/** Follows `Link` from page to page. */
async function everyPage(path: string): Promise<unknown[]> {
  const pages: unknown[] = []
  let next: string | undefined = path
  while (next) {
    const answer = await call('GET', next)
    assert.equal(answer.status, 200)
    pages.push(answer.body)
    next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return pages
}

function assertProblem({ status, headers, body }: Answer, expected: number, error?: string) {
  assert.equal(status, expected, JSON.stringify(body))
  assert.match(headers.get('content-type')!, /^application\/problem\+json/)
  for (const member of ['type', 'title', 'detail', 'error']) assert.equal(typeof body[member], 'string', member)
  assert.equal(body.status, expected)
  if (error) assert.equal(body.error, error)
  assert.doesNotMatch(JSON.stringify(body), /127\.0\.0\.1|localhost|postgres/)
}

describe('products', () => {
  test('GET /api/products lists the seed first', async () => {
    const { status, body } = await call('GET', '/api/products?limit=3')
    assert.equal(status, 200)
    assert.deepEqual(body, [
      { id: 'product1', name: 'Product 1', price: 10.99 },
      { id: 'product2', name: 'Product 2', price: 29.99 },
      { id: 'product3', name: 'Product 3', price: 5.49 },
    ])
  })

  test('pages are linked on the gateway’s own paths', async () => {
    await stockProduct(1)
    const first = await call('GET', '/api/products?limit=2')
    assert.match(first.headers.get('link')!, /^<\/api\/products\?limit=2&after=[\w-]+>; rel="next"$/)
    const all = (await everyPage('/api/products?limit=100')).flat() as { id: string }[]
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length)
  })

  test('GET /api/products/{id}', async () => {
    assert.deepEqual((await call('GET', '/api/products/product3')).body, {
      id: 'product3',
      name: 'Product 3',
      price: 5.49,
    })
    assertProblem(await call('GET', '/api/products/999999'), 404, 'Product not found')
  })

  test('POST /api/products', async () => {
    const created = await call('POST', '/api/products', { name: 'Pencil', price: 0.29 })
    assert.equal(created.status, 201)
    assert.equal(created.headers.get('location'), `/api/products/${created.body.id}`)
    assert.deepEqual((await call('GET', created.headers.get('location')!)).body, created.body)
  })

  test('POST /api/products takes no other type (fixed)', async () => {
    for (const body of [
      { name: 'x', price: 'abc' },
      { name: 1, price: 1 },
      { name: 'x', price: -1 },
      { name: 'x', price: 0.001 },
    ]) {
      assertProblem(await call('POST', '/api/products', body), 400, 'Invalid product data')
    }
    const unknown = await call('POST', '/api/products', { name: 'x', price: 1, colour: 'red' })
    assertProblem(unknown, 400, 'Invalid product data')
    assert.match(unknown.body.detail, /colour/)
  })
})

describe('inventory', () => {
  test('GET /api/inventory is a map', async () => {
    const pages = (await everyPage('/api/inventory')) as Record<string, number>[]
    const all = Object.assign({}, ...pages)
    for (const id of ['product1', 'product2', 'product3']) assert.ok(Number.isInteger(all[id]))
  })

  test('GET /api/inventory/{productId}, with an ETag', async () => {
    const { id } = await stockProduct(12)
    const answer = await call('GET', `/api/inventory/${id}`)
    assert.deepEqual(answer.body, { productId: id, quantity: 12 })
    assert.ok(answer.headers.get('etag'))
    assertProblem(await call('GET', '/api/inventory/nothing'), 404, 'Product not found in inventory')
  })

  test('PUT /api/inventory/{productId} sets, creates and honours If-Match', async () => {
    const id = randomUUID()
    const created = await call('PUT', `/api/inventory/${id}`, { quantity: 5 })
    assert.equal(created.status, 200)
    assert.deepEqual(created.body, { productId: id, quantity: 5 })
    const etag = (await call('GET', `/api/inventory/${id}`)).headers.get('etag')!
    assert.equal((await call('PUT', `/api/inventory/${id}`, { quantity: 6 }, { 'if-match': etag })).status, 200)
    assertProblem(await call('PUT', `/api/inventory/${id}`, { quantity: 7 }, { 'if-match': etag }), 412)
    assert.equal(await stock(id), 6)
  })

  test('PUT /api/inventory/{productId} refuses negative and fractional quantities (fixed)', async () => {
    for (const quantity of [-1, 1.5, '3', null]) {
      assertProblem(await call('PUT', '/api/inventory/product1', { quantity }), 400, 'Invalid data, quantity required')
    }
    assertProblem(await call('PUT', '/api/inventory/product1', {}), 400, 'Invalid data, quantity required')
  })

  test('POST /api/inventory/check is routed (fixed)', async () => {
    const { id } = await stockProduct(3)
    const enough = await call('POST', '/api/inventory/check', { productId: id, quantity: 3 })
    assert.equal(enough.status, 200)
    assert.deepEqual(enough.body, { productId: id, requested: 3, available: true, currentStock: 3 })
    const short = await call('POST', '/api/inventory/check', { productId: id, quantity: 4 })
    assert.deepEqual(short.body, { productId: id, requested: 4, available: false, currentStock: 3 })
    const unknown = await call('POST', '/api/inventory/check', { productId: 'nothing', quantity: 1 })
    assertProblem(unknown, 404)
    assert.equal(unknown.body.available, false)
    assert.equal(unknown.body.reason, 'Product not found')
    assertProblem(await call('POST', '/api/inventory/check', { productId: id }), 400)
  })

  test('/reservations is not reachable, however it is written', async () => {
    const body = { productId: 'product1', quantity: 1 }
    for (const path of [
      '/reservations/x',
      '/api/reservations/x',
      '/api/inventory/..%2freservations%2fx',
      '/api/inventory/%2e%2e/reservations/x',
    ]) {
      const answer = await call('PUT', path, body)
      assert.ok(answer.status === 404 || answer.status === 400 || answer.status === 405, `${path}: ${answer.status}`)
    }
  })
})

describe('orders', () => {
  test('POST /api/orders makes an order and takes the stock', async () => {
    const { id: productId } = await stockProduct(10, 10.99)
    const made = await order(productId, 3)
    assert.equal(made.status, 201)
    assert.equal(made.headers.get('location'), `/api/orders/${made.body.id}`)
    const { id, productName, createdAt, ...rest } = made.body
    assert.deepEqual(rest, { productId, quantity: 3, unitPrice: 10.99, totalPrice: 32.97, status: 'CREATED' })
    assert.ok(id && productName && Date.parse(createdAt))
    assert.deepEqual((await call('GET', made.headers.get('location')!)).body, made.body)
    assert.equal(await stock(productId), 7)
  })

  test('GET /api/orders lists the newest first', async () => {
    const { id: productId } = await stockProduct(10)
    const { body } = await order(productId, 1)
    const list = (await call('GET', '/api/orders?limit=100')).body as { id: string }[]
    assert.ok(list.some(({ id }) => id === body.id))
    assertProblem(await call('GET', '/api/orders/nothing'), 404, 'Order not found')
  })

  test('POST /api/orders refuses 0, negative, fractional and textual quantities (fixed)', async () => {
    for (const quantity of [0, -5, 1.5, '2', 1001, null]) {
      assertProblem(await call('POST', '/api/orders', { productId: 'product1', quantity }), 400, 'Invalid order data')
    }
    assertProblem(await call('POST', '/api/orders', {}), 400, 'Invalid order data')
  })

  test('an unknown product is a 404 that leaks nothing (fixed)', async () => {
    assertProblem(await order('nothing', 1), 404, 'Product not found')
  })

  test('too little stock is a 409 with what is left (fixed)', async () => {
    const { id: productId } = await stockProduct(2)
    const refused = await order(productId, 3)
    assertProblem(refused, 409, 'Insufficient inventory')
    assert.equal(refused.body.currentStock, 2)
    assert.equal(refused.body.requested, 3)
    assert.equal(await stock(productId), 2)
  })

  test('one order per Idempotency-Key, also of calls at the same time', async () => {
    const { id: productId } = await stockProduct(50)
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 10 }, () => order(productId, 2, key)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    assert.equal(await stock(productId), 48)
    const replayed = await order(productId, 2, key)
    assert.equal(replayed.headers.get('idempotent-replayed'), 'true')
    assertProblem(await order(productId, 3, key), 422)
  })
})

describe('the gateway’s own answers', () => {
  test('every answer carries x-request-id, the caller’s where there is one', async () => {
    assert.ok((await call('GET', '/api/products')).headers.get('x-request-id'))
    const given = await call('GET', '/nowhere', undefined, { 'x-request-id': 'mine-1' })
    assert.equal(given.headers.get('x-request-id'), 'mine-1')
  })

  test('404, 405 with Allow, 413, 415', async () => {
    assertProblem(await call('GET', '/api/nowhere'), 404)
    const wrong = await call('DELETE', '/api/products')
    assertProblem(wrong, 405)
    assert.match(wrong.headers.get('allow')!, /GET.*POST/)
    assertProblem(await call('POST', '/api/products', { name: 'x'.repeat(2 * 1024 * 1024), price: 1 }), 413)
    assertProblem(await call('POST', '/api/products', {}, { 'content-type': 'text/plain' }), 415)
  })

  test('CORS admits the frontend', async () => {
    const origin = process.env.FRONTEND_ORIGIN ?? 'http://localhost:3001'
    const preflight = await call('OPTIONS', '/api/orders', undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,idempotency-key',
    })
    assert.ok(preflight.status === 204 || preflight.status === 200)
    assert.equal(preflight.headers.get('access-control-allow-origin'), origin)
  })

  test('GET /health and the whole public API at /docs/json', async () => {
    assert.deepEqual((await call('GET', '/health')).body, { status: 'UP' })
    const { body } = await call('GET', '/docs/json')
    assert.match(body.openapi, /^3\.1\./)
    const paths = Object.keys(body.paths)
    for (const path of [
      '/api/products',
      '/api/products/{id}',
      '/api/inventory',
      '/api/inventory/{productId}',
      '/api/inventory/check',
      '/api/orders',
      '/api/orders/{id}',
    ]) {
      assert.ok(paths.includes(path), path)
    }
    assert.ok(!paths.some((path) => path.includes('reservations')))
  })
})
