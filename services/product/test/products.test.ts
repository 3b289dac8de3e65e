import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { createApp } from '@hello/service-kit/app'
import { databasePlugin } from '@hello/service-kit/database'
import { buildApp } from '../src/app.ts'

type Response = Awaited<ReturnType<typeof post>>

let app: Awaited<ReturnType<typeof buildApp>>

before(async () => {
  app = await buildApp({
    DATABASE_URL: await createTestDatabase(),
    DATABASE_POOL_SIZE: 4,
    SEED_DEMO: true,
    LOG_LEVEL: 'silent',
    ALLOWED_HOSTS: 'localhost',
  })
})
after(() => app.close())

const post = (payload: unknown) => app.inject({ method: 'POST', url: '/products', payload: payload as object })

describe('GET /products', () => {
  test('lists the seed in the order of creation', async () => {
    const answer = await app.inject('/products')
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json().slice(0, 3), [
      { id: 'product1', name: 'Product 1', price: 10.99 },
      { id: 'product2', name: 'Product 2', price: 29.99 },
      { id: 'product3', name: 'Product 3', price: 5.49 },
    ])
  })

  test('names the next page until there is none', async () => {
    await post({ name: 'Last', price: 1 })
    const seen: string[] = []
    let url: string | undefined = '/products?limit=2'
    while (url) {
      const answer: Response = await app.inject(url)
      assert.equal(answer.statusCode, 200)
      assert.ok(answer.json().length <= 2)
      seen.push(...answer.json().map(({ name }: { name: string }) => name))
      url = /^<([^>]+)>; rel="next"$/.exec((answer.headers.link as string | undefined) ?? '')?.[1]
    }
    assert.deepEqual(seen.slice(0, 3), ['Product 1', 'Product 2', 'Product 3'])
    assert.equal(seen.at(-1), 'Last')
  })

  for (const query of ['limit=0', 'limit=101', 'limit=ten', 'limit=1&limit=2', 'after=%00', 'after=bm90YQ']) {
    test(`refuses ?${query}`, async () => {
      const answer = await app.inject(`/products?${query}`)
      assert.equal(answer.statusCode, 400)
      assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/)
    })
  }
})

describe('GET /products/{id}', () => {
  test('answers the product', async () => {
    const answer = await app.inject('/products/product2')
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { id: 'product2', name: 'Product 2', price: 29.99 })
  })

  test('answers 404 with the original error for an unknown product', async () => {
    const answer = await app.inject('/products/999999')
    assert.equal(answer.statusCode, 404)
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/)
    assert.equal(answer.json().type, 'tag:hello-observability.example,2026:problem:product-not-found')
    assert.equal(answer.json().title, 'Product not found')
    assert.equal(answer.json().error, 'Product not found')
    assert.equal(answer.json().status, 404)
  })
})

describe('POST /products', () => {
  for (const price of [0, 0.01, 0.07, 0.29, 1.1, 10.99, 999999.99, 1_000_000]) {
    test(`keeps the price ${price} exactly`, async () => {
      const created = await post({ name: '  Trimmed  ', price })
      assert.equal(created.statusCode, 201)
      assert.equal(created.json().price, price)
      assert.equal(created.json().name, 'Trimmed')
      assert.match(created.json().id, /^[0-9a-f]{8}-/)
      const read = await app.inject(created.headers.location as string)
      assert.deepEqual(read.json(), created.json())
    })
  }

  const refused: [string, unknown, string?][] = [
    ['a missing name', { price: 1 }, 'name'],
    ['a missing price', { name: 'x' }, 'price'],
    ['a price of text', { name: 'x', price: 'abc' }, 'price'],
    ['a price of digits in text', { name: 'x', price: '1.00' }, 'price'],
    ['a negative price', { name: 'x', price: -0.01 }, 'price'],
    ['a price above a million', { name: 'x', price: 1_000_000.01 }, 'price'],
    ['a price of 1e308', { name: 'x', price: 1e308 }, 'price'],
    ['three decimals', { name: 'x', price: 0.001 }, 'price'],
    ['three decimals beyond the schema’s precision', { name: 'x', price: 10.990000001 }, 'price'],
    ['a blank name', { name: '   ', price: 1 }, 'name'],
    ['a name of 201 characters', { name: 'x'.repeat(201), price: 1 }, 'name'],
    ['a NUL byte in the name', { name: 'a\u0000b', price: 1 }, 'name'],
    ['a NUL byte before the name', { name: '\u0000a', price: 1 }, 'name'],
    ['a NUL byte behind the name', { name: 'a\u0000', price: 1 }, 'name'],
    ['a name of control characters', { name: '\u0001\u001b\u0085', price: 1 }, 'name'],
    ['a name without width', { name: ' \u200b\u200d\u2060\ufeff\u00ad\u{e0041}', price: 1 }, 'name'],
    ['a name without ink', { name: '\u3164\u2800\u115f\u3000\ufe0f', price: 1 }, 'name'],
    ['a megabyte of blanks around a name', { name: `x${' '.repeat(1_000_000)}x`, price: 1 }, 'name'],
    ['a name that is no text', { name: 5, price: 1 }, 'name'],
    ['an unknown field', { name: 'x', price: 1, discount: 1 }, 'discount'],
    ['an array', []],
  ]
  for (const [what, payload, field] of refused) {
    test(`refuses ${what}${field ? ` and names ${field}` : ''}`, async () => {
      const answer = await post(payload)
      assert.equal(answer.statusCode, 400, answer.body)
      assert.equal(answer.json().error, 'Invalid product data')
      if (field) assert.equal(answer.json().field, field)
    })
  }

  test('accepts 200 characters, counted as people count them', async () => {
    assert.equal((await post({ name: '상'.repeat(200), price: 1 })).statusCode, 201)
    assert.equal((await post({ name: '😀'.repeat(200), price: 1 })).statusCode, 201)
    assert.equal((await post({ name: ` ${'x'.repeat(200)}\t\n`, price: 1 })).json().name, 'x'.repeat(200))
  })

  test('accepts joiners and marks beside what can be seen', async () => {
    for (const name of ['👩‍👩‍👧', '☕️', 'می‌خواهم', 'e\u0301', '\u200bx', '§']) {
      assert.equal((await post({ name, price: 1 })).json().name, name)
    }
  })

  test('answers 405 with Allow to a method it does not take', async () => {
    const answer = await app.inject({ method: 'DELETE', url: '/products' })
    assert.equal(answer.statusCode, 405)
    assert.equal(answer.headers.allow, 'GET, HEAD, POST')
  })
})

const setup = async (settings: { SEED_DEMO: boolean }) => ({
  DATABASE_URL: await createTestDatabase(),
  DATABASE_POOL_SIZE: 2,
  LOG_LEVEL: 'silent' as const,
  ALLOWED_HOSTS: 'localhost',
  ...settings,
})

test('three replicas may start together on an empty database, which is seeded once', async () => {
  const config = await setup({ SEED_DEMO: true })
  const replicas = await Promise.all([buildApp(config), buildApp(config), buildApp(config)])
  for (const replica of replicas) {
    assert.equal((await replica.inject('/products')).json().length, 3)
    await replica.close()
  }
})

test('an empty database stays empty unless SEED_DEMO says otherwise, and one with rows stays as it is', async (t) => {
  const config = await setup({ SEED_DEMO: false })
  const production = await buildApp(config)
  t.after(() => production.close())
  assert.deepEqual((await production.inject('/products')).json(), [])
  await production.inject({ method: 'POST', url: '/products', payload: { name: 'Own', price: 1 } })
  const demo = await buildApp({ ...config, SEED_DEMO: true })
  t.after(() => demo.close())
  assert.deepEqual(
    (await demo.inject('/products')).json().map(({ name }: { name: string }) => name),
    ['Own'],
  )
})

test('a database of the migrations that seeded is taken over, also where its identity column has gone back', async (t) => {
  const config = await setup({ SEED_DEMO: true })
  const earlier = await createApp({ name: 'product', logLevel: 'silent' })
  const migrations = new URL('seeding-migrations/', import.meta.url)
  await earlier.register(databasePlugin, {
    url: config.DATABASE_URL,
    poolSize: 1,
    migrations,
    applicationName: 'earlier',
  })
  await earlier.ready()
  await earlier.database.query(`INSERT INTO products (id, name, price_cents) VALUES ('kept', 'Kept', 1)`)
  await earlier.database.query(`SELECT setval(pg_get_serial_sequence('products', 'position'), 3)`)
  await earlier.close()

  const app = await buildApp(config)
  t.after(() => app.close())
  const post = await app.inject({ method: 'POST', url: '/products', payload: { name: 'New', price: 1 } })
  assert.equal(post.statusCode, 201)
  assert.deepEqual(
    (await app.inject('/products')).json().map(({ name }: { name: string }) => name),
    ['Product 1', 'Product 2', 'Product 3', 'Kept', 'New'],
  )
})

test('every service answers /health, /docs and OpenAPI 3.1 at /docs/json', async () => {
  assert.deepEqual((await app.inject('/health')).json(), { status: 'UP' })
  assert.equal((await app.inject('/docs')).statusCode, 200)
  const document = (await app.inject('/docs/json')).json()
  assert.match(document.openapi, /^3\.1\./)
  assert.deepEqual(Object.keys(document.paths).sort(), ['/health', '/products', '/products/{id}'])
})
