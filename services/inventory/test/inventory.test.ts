import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { buildApp } from '../src/app.ts'

let app: Awaited<ReturnType<typeof buildApp>>

before(async () => {
  app = await buildApp({
    DATABASE_URL: await createTestDatabase(),
    DATABASE_POOL_SIZE: 8,
    SEED_DEMO: true,
    LOG_LEVEL: 'silent',
    ALLOWED_HOSTS: 'localhost',
  })
})
after(() => app.close())

const put = (url: string, payload: object, headers = {}) => app.inject({ method: 'PUT', url, payload, headers })
const check = (payload: object) => app.inject({ method: 'POST', url: '/inventory/check', payload })
const left = async (productId: string) => (await app.inject(`/inventory/${productId}`)).json().quantity

/** Stock set by people - what is reserved = stock now. */
async function assertInvariant() {
  const { rows } = await app.database.query(`
    SELECT s.product_id FROM stock s LEFT JOIN reservations r ON r.product_id = s.product_id AND r.state = 'RESERVED'
    GROUP BY s.product_id, s.supplied, s.quantity HAVING s.supplied - coalesce(sum(r.quantity), 0) <> s.quantity`)
  assert.deepEqual(rows, [])
}

describe('GET /inventory', () => {
  test('answers the seed as a map', async () => {
    const answer = await app.inject('/inventory')
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { product1: 100, product2: 50, product3: 75 })
  })

  test('names the next page', async () => {
    const first = await app.inject('/inventory?limit=2')
    assert.deepEqual(first.json(), { product1: 100, product2: 50 })
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link as string)![1]!
    assert.deepEqual((await app.inject(next)).json(), { product3: 75 })
  })
})

describe('GET /inventory/{productId}', () => {
  test('answers the stock with an ETag', async () => {
    const answer = await app.inject('/inventory/product1')
    assert.deepEqual(answer.json(), { productId: 'product1', quantity: 100 })
    assert.equal(answer.headers.etag, '"100"')
  })

  test('answers 404 with the original error', async () => {
    const answer = await app.inject('/inventory/nothing')
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json().type, 'tag:hello-observability.example,2026:problem:product-not-found')
    assert.equal(answer.json().title, 'Product not found')
    assert.equal(answer.json().error, 'Product not found in inventory')
  })
})

describe('PUT /inventory/{productId}', () => {
  test('sets and creates', async () => {
    for (const quantity of [7, 0, 1_000_000]) {
      const answer = await put('/inventory/set-me', { quantity })
      assert.equal(answer.statusCode, 200)
      assert.deepEqual(answer.json(), { productId: 'set-me', quantity })
    }
    await assertInvariant()
  })

  test('honours If-Match', async () => {
    await put('/inventory/matched', { quantity: 5 })
    assert.equal((await put('/inventory/matched', { quantity: 6 }, { 'if-match': '"4"' })).statusCode, 412)
    assert.equal((await put('/inventory/matched', { quantity: 6 }, { 'if-match': 'W/"5"' })).statusCode, 412)
    assert.equal((await put('/inventory/matched', { quantity: 6 }, { 'if-match': 'nonsense' })).statusCode, 412)
    for (const tag of ['"05"', '"5.0"', '" 5"', '5', '"4", *', '']) {
      assert.equal((await put('/inventory/matched', { quantity: 6 }, { 'if-match': tag })).statusCode, 412, tag)
    }
    assert.equal(await left('matched'), 5)
    const set = await put('/inventory/matched', { quantity: 6 }, { 'if-match': '"9", "5"' })
    assert.equal(set.statusCode, 200)
    assert.equal(set.headers.etag, '"6"')
    assert.equal((await put('/inventory/matched', { quantity: 8 }, { 'if-match': '*' })).statusCode, 200)
    assert.equal((await put('/inventory/unheard-of', { quantity: 1 }, { 'if-match': '*' })).statusCode, 412)
    await assertInvariant()
  })

  test('honours If-None-Match', async () => {
    const any = { 'if-none-match': '*' }
    assert.equal((await put('/inventory/new', { quantity: 5 }, any)).statusCode, 200)
    for (const refused of ['*', ' * ', '"5"', 'W/"5"', '"9", "5"']) {
      const answer = await put('/inventory/new', { quantity: 6 }, { 'if-none-match': refused })
      assert.equal(answer.statusCode, 412, refused)
      assert.match(answer.json().detail, /If-None-Match/)
    }
    assert.equal((await put('/inventory/new', { quantity: 6 }, { ...any, 'if-match': '"5"' })).statusCode, 412)
    assert.equal((await put('/inventory/newer', { quantity: 6 }, { ...any, 'if-match': '*' })).statusCode, 412)
    assert.equal(await left('new'), 5)
    for (const [quantity, tags] of [
      [6, '"4"'],
      [7, '"06", nonsense'],
    ] as const) {
      const answer = await put('/inventory/new', { quantity }, { 'if-none-match': tags })
      assert.equal(answer.statusCode, 200)
      assert.equal(answer.headers.etag, `"${quantity}"`)
    }
    const first = await Promise.all(Array.from({ length: 8 }, () => put('/inventory/raced', { quantity: 1 }, any)))
    assert.deepEqual(first.map(({ statusCode }) => statusCode).sort(), [200, ...Array(7).fill(412)])
    await assertInvariant()
  })

  for (const payload of [
    {},
    { quantity: -1 },
    { quantity: 1.5 },
    { quantity: '3' },
    { quantity: 1e308 },
    { quantity: 1, x: 1 },
  ]) {
    test(`refuses ${JSON.stringify(payload)}`, async () => {
      const answer = await put('/inventory/product1', payload)
      assert.equal(answer.statusCode, 400)
      assert.equal(answer.json().error, 'Invalid data, quantity required')
      assert.equal(await left('product1'), 100)
    })
  }
})

describe('POST /inventory/check', () => {
  test('tells whether there is enough', async () => {
    assert.deepEqual((await check({ productId: 'product2', quantity: 50 })).json(), {
      productId: 'product2',
      requested: 50,
      available: true,
      currentStock: 50,
    })
    assert.equal((await check({ productId: 'product2', quantity: 51 })).json().available, false)
  })

  test('answers 404 with available and reason for an unknown product', async () => {
    const answer = await check({ productId: 'nothing', quantity: 1 })
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json().available, false)
    assert.equal(answer.json().reason, 'Product not found')
  })

  test('answers 400 to an incomplete question', async () => {
    const answer = await check({ productId: 'product1' })
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.json().error, 'Invalid data')
  })
})

test('/inventory/check is no product of that name', async () => {
  for (const url of ['/inventory/check', '/inventory/che%63k']) {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      const answer = await app.inject({ method, url, ...(method === 'PUT' && { payload: { quantity: 1 } }) })
      assert.equal(answer.statusCode, 405, `${method} ${url}`)
      assert.equal(answer.headers.allow, 'POST')
    }
  }
})

describe('reservations', () => {
  test('are made once, however often they are asked for', async () => {
    await put('/inventory/reserved', { quantity: 10 })
    const body = { productId: 'reserved', quantity: 4 }
    const first = await put('/reservations/order-1', body)
    assert.equal(first.statusCode, 201)
    assert.deepEqual(first.json(), { orderId: 'order-1', ...body, state: 'RESERVED' })
    const again = await put('/reservations/order-1', body)
    assert.equal(again.statusCode, 200)
    assert.deepEqual(again.json(), first.json())
    assert.equal(await left('reserved'), 6)
    assert.equal((await put('/reservations/order-1', { productId: 'reserved', quantity: 5 })).statusCode, 422)
    assert.equal((await put('/reservations/order-1', { productId: 'product1', quantity: 4 })).statusCode, 422)
    await assertInvariant()
  })

  test('are refused when there is too little, and for what was never stocked', async () => {
    await put('/inventory/scarce', { quantity: 1 })
    const refused = await put('/reservations/order-2', { productId: 'scarce', quantity: 2 })
    assert.equal(refused.statusCode, 409)
    assert.equal(refused.json().currentStock, 1)
    assert.equal(refused.json().requested, 2)
    assert.equal((await put('/reservations/order-2', { productId: 'nothing', quantity: 1 })).statusCode, 404)
  })

  test('give the stock back exactly once', async () => {
    await put('/inventory/released', { quantity: 10 })
    await put('/reservations/order-3', { productId: 'released', quantity: 4 })
    for (let i = 0; i < 2; i++) {
      assert.equal((await app.inject({ method: 'DELETE', url: '/reservations/order-3' })).statusCode, 204)
      assert.equal(await left('released'), 10)
    }
    const late = await put('/reservations/order-3', { productId: 'released', quantity: 4 })
    assert.equal(late.json().state, 'RELEASED')
    assert.equal(await left('released'), 10)
    await assertInvariant()
  })

  test('released before they were made stay released', async () => {
    await put('/inventory/tombstone', { quantity: 3 })
    assert.equal((await app.inject({ method: 'DELETE', url: '/reservations/order-4' })).statusCode, 204)
    const late = await put('/reservations/order-4', { productId: 'tombstone', quantity: 1 })
    assert.equal(late.statusCode, 200)
    assert.equal(late.json().state, 'RELEASED')
    assert.equal(await left('tombstone'), 3)
  })

  test('200 at once on 75 units: 75 are made, the rest refused, each order once', async () => {
    await put('/inventory/contended', { quantity: 75 })
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        put(`/reservations/contended-${i % 200}`, { productId: 'contended', quantity: 1 }),
      ),
    )
    const count = (status: number) => answers.filter(({ statusCode }) => statusCode === status).length
    assert.equal(count(201), 75)
    assert.equal(count(200) + count(201) + count(409), 400)
    assert.equal(await left('contended'), 0)
    await assertInvariant()
  })
})
