import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { json } from '@hello/service-kit/testing/http-server'
import type { GatewayConfig } from '../../src/app.ts'
import { publicRoutes } from '../../src/public-routes.ts'
import { raw, startGateway, startGatewayWithUpstreams } from '../gateway.ts'

/** What a service says of itself, as @fastify/swagger writes it. */
const described = (paths: Record<string, Record<string, object>>, schemas: Record<string, object> = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Service', version: '1.0.0' },
  components: { schemas },
  paths,
})
const answers = (schema: object) => ({
  responses: { 200: { description: 'fine', content: { 'application/json': { schema } } } },
})
const withBody = { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } }
const reference = answers({ $ref: '#/components/schemas/Thing' })

const product = described(
  {
    '/products': { get: reference, post: { ...reference, ...withBody } },
    '/products/{id}': { get: reference },
    '/health': { get: {} },
  },
  {
    Thing: { title: 'a product', properties: { part: { $ref: '#/components/schemas/Part' } } },
    Part: { type: 'string' },
  },
)
const inventory = described({
  '/inventory': { get: answers({ type: 'object' }) },
  '/inventory/{productId}': { get: answers({ type: 'object' }), put: { ...answers({ type: 'object' }), ...withBody } },
  '/inventory/check': { post: { ...answers({ type: 'object' }), ...withBody } },
  '/reservations/{orderId}': { put: answers({ type: 'object' }), delete: answers({ type: 'object' }) },
})
const order = described(
  { '/orders': { get: reference, post: { ...reference, ...withBody } }, '/orders/{id}': { get: reference } },
  { Thing: { title: 'an order' } },
)

async function gatewayOfDescribedServices(config: Partial<GatewayConfig> = {}) {
  const gateway = await startGatewayWithUpstreams(config)
  for (const [name, document] of Object.entries({ product, inventory, order })) {
    const upstream = gateway.upstreams[name as keyof typeof gateway.upstreams]
    upstream.answer = ({ path }, response) => json(response, path === '/docs/json' ? 200 : 404, document)
  }
  return gateway
}

const documentOf = async (url: string) => {
  const answer = await raw(url, '/docs/json')
  assert.equal(answer.status, 200, answer.body)
  return JSON.parse(answer.body)
}

test('/docs/json says what needs a token, and what takes one, where tokens are asked for', async () => {
  const { url } = await gatewayOfDescribedServices({ OIDC_ISSUER: 'https://accounts.example.com/' })
  const { paths, components } = await documentOf(url)
  assert.deepEqual(components.securitySchemes, {
    openId: {
      type: 'openIdConnect',
      openIdConnectUrl: 'https://accounts.example.com/.well-known/openid-configuration',
    },
  })
  const secured = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { security?: object; responses: object }>).flatMap(([method, operation]) =>
      operation.security
        ? [[`${method} ${path}`, operation.security, '401' in operation.responses, '403' in operation.responses]]
        : [],
    ),
  )
  assert.deepEqual(secured, [
    ['post /api/products', [{ openId: ['catalogue:write'] }], true, true],
    ['put /api/inventory/{productId}', [{ openId: ['stock:write'] }], true, true],
    ['get /api/orders', [{ openId: [] }], true, false],
    ['post /api/orders', [{ openId: [] }, {}], true, false],
    ['get /api/orders/{id}', [{ openId: [] }, {}], true, false],
  ])
})

describe('/docs/json', async () => {
  const { url } = await gatewayOfDescribedServices()
  const document = await documentOf(url)

  test('has every public route and nothing internal', () => {
    assert.equal(document.openapi, '3.1.0')
    const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const routes = publicRoutes.map(({ method, path }) => `${method} /api${path.replace(/:(\w+)/, '{$1}')}`)
    assert.deepEqual(documented.toSorted(), routes.toSorted())
    assert.doesNotMatch(JSON.stringify(document), /reservations|127\.0\.0\.1/)
  })

  test('adds the gateway’s own answers to those of the services', () => {
    const statuses = (path: string, method: string) => Object.keys(document.paths[path][method].responses)
    assert.deepEqual(statuses('/api/products', 'get'), ['200', '429', '502', '503', '504'])
    assert.deepEqual(statuses('/api/orders', 'post'), ['200', '408', '413', '415', '429', '502', '503', '504'])
  })

  test('keeps the schemas of two services apart that have one name', () => {
    const schemaOf = (path: string) => document.paths[path].get.responses[200].content['application/json'].schema.$ref
    assert.equal(schemaOf('/api/products/{id}'), '#/components/schemas/product.Thing')
    assert.equal(schemaOf('/api/orders/{id}'), '#/components/schemas/order.Thing')
    const { schemas } = document.components
    assert.equal(schemas['product.Thing'].title, 'a product')
    assert.equal(schemas['order.Thing'].title, 'an order')
    assert.equal(schemas['product.Thing'].properties.part.$ref, '#/components/schemas/product.Part')
    assert.ok(schemas['product.Part'])
  })
})

describe('the documentation', () => {
  test('is 503 while a service has never described itself, and there once it has', async () => {
    const gateway = await gatewayOfDescribedServices()
    const { order: away } = gateway.upstreams
    const wellAnswered = away.answer
    away.answer = (_, response) => response.destroy()
    const refused = await raw(gateway.url, '/docs/json')
    assert.equal(refused.status, 503)
    assert.match(refused.headers['content-type']!, /^application\/problem\+json/)
    assert.equal(refused.headers['retry-after'], '1')
    assert.match(JSON.parse(refused.body).detail, /order service/)
    away.answer = wellAnswered
    await documentOf(gateway.url)
  })

  test('is kept for a while, and kept when a service goes away', async (t) => {
    const gateway = await gatewayOfDescribedServices()
    const { product: upstream } = gateway.upstreams
    await documentOf(gateway.url)
    await documentOf(gateway.url)
    assert.equal(upstream.seen.length, 1)
    const now = performance.now()
    t.mock.method(performance, 'now', () => now + 11_000)
    upstream.answer = (_, response) => json(response, 500, {})
    assert.ok((await documentOf(gateway.url)).paths['/api/products'])
    assert.equal(upstream.seen.length, 2)
  })

  test('has a page, whether the services are there or not', async () => {
    const { url } = await startGateway()
    const page = await raw(url, '/docs')
    assert.equal(page.status, 200)
    assert.match(page.headers['content-type']!, /^text\/html/)
    assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/)
    assert.equal(page.headers['x-frame-options'], 'DENY')
    for (const [, path] of page.body.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const file = await raw(url, new URL(path!, `${url}/docs`).pathname)
      assert.equal(file.status, 200, path)
    }
  })
})
