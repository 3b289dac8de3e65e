import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import { buildApp as buildGateway } from '../../services/gateway/src/app.ts'
import { buildApp as buildOrder } from '../../services/order/src/app.ts'
import { blackHole } from '../black-hole/fault.ts'
import { wrongAddress } from '../wrong-address/fault.ts'
import { settings, whileSet } from './flagged.ts'

const product = await startServer((_seen, response) =>
  json(response, 200, { id: 'product1', name: 'Product 1', price: 10.99 }),
)
const inventory = await startServer(({ method }, response) =>
  json(response, method === 'PUT' ? 201 : 200, { state: 'RESERVED', quantity: 1 }),
)

test('orders wait for a product service that never gets their requests, until the way is open again', async () => {
  const app = await buildOrder({
    ...settings,
    DATABASE_URL: await createTestDatabase(),
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL: inventory.url,
  })
  after(() => app.close())
  await app.ready()
  const order = () => app.inject({ method: 'POST', url: '/orders', payload: { productId: 'product1', quantity: 1 } })
  const metrics = () => app.metrics.client.register.metrics()
  assert.equal((await order()).statusCode, 201)

  await whileSet(blackHole, async () => {
    await eventually(async () => assert.match(await metrics(), /shop_fault_active\{fault="black-hole"\} 1/))
    const asked = product.seen.length
    const answers = await Promise.all(Array.from({ length: 15 }, order))
    assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [503])
    assert.equal(product.seen.length, asked)
    assert.match(await metrics(), /http_client_request_duration_seconds_count\{[^}]*error_type="timeout"/)
    await eventually(async () => {
      await order()
      assert.match(await metrics(), /http_client_breaker_state\{server_address="product",state="closed"\} 0/)
    })
    assert.equal((await app.inject('/health')).statusCode, 200)
    assert.deepEqual(await app.readiness.failures(), {})
  })

  await eventually(async () => assert.equal((await order()).statusCode, 201))
})

test('the gateway does not find the inventory at a wrong address, and finds the others', async () => {
  const app = await buildGateway({
    ...settings,
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL: inventory.url,
    ORDER_SERVICE_URL: inventory.url,
    CORS_ORIGIN: '*',
    RATE_LIMIT_PER_SECOND: 100_000,
    TRUSTED_PROXIES: '',
    OIDC_AUDIENCE: 'shop',
    CALLER_RATE_LIMIT_PER_SECOND: 100,
  })
  after(() => app.close())
  await app.ready()
  const stock = () => app.inject('/api/inventory/product1')
  assert.equal((await stock()).statusCode, 200)

  await whileSet(wrongAddress, async () => {
    await eventually(async () => assert.equal((await stock()).statusCode, 503))
    assert.doesNotMatch((await stock()).body, /127\.0\.0\.1|ECONNREFUSED/)
    assert.match(
      await app.metrics.client.register.metrics(),
      /http_client_request_duration_seconds_count\{[^}]*server_address="inventory"[^}]*error_type="not-connected"/,
    )
    assert.equal((await app.inject('/api/products/product1')).statusCode, 200)
    assert.equal((await app.inject('/health')).statusCode, 200)
    assert.deepEqual(await app.readiness.failures(), {})
  })

  await eventually(async () => assert.equal((await stock()).statusCode, 200))
})
