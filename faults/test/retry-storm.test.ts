import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import { buildApp as buildInventory } from '../../services/inventory/src/app.ts'
import { buildApp as buildOrder } from '../../services/order/src/app.ts'
import { retryStorm } from '../retry-storm/fault.ts'
import { settings, whileSet } from './flagged.ts'

const stock = 1000

test('repetitions outlive the orders that began them, and each order is made once', async () => {
  const product = await startServer((_seen, response) =>
    json(response, 200, { id: 'product1', name: 'Product 1', price: 10.99 }),
  )
  const inventory = await buildInventory({
    ...settings,
    ALLOWED_HOSTS: '*',
    DATABASE_URL: await createTestDatabase(),
    SEED_DEMO: false,
  })
  after(() => inventory.close())
  const INVENTORY_SERVICE_URL = await inventory.listen({ host: '127.0.0.1', port: 0 })
  const order = await buildOrder({
    ...settings,
    DATABASE_URL: await createTestDatabase(),
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL,
  })
  after(() => order.close())
  await order.ready()
  await eventually(async () => {
    const put = { method: 'PUT', url: '/inventory/product1', payload: { quantity: stock } } as const
    assert.equal((await inventory.inject(put)).statusCode, 200)
  })

  /** The sum of a metric of the order service's calls of the inventory. */
  async function ofInventory(metric: string) {
    const lines = (await order.metrics.client.register.metrics()).split('\n')
    return lines
      .filter((line) => line.startsWith(`${metric}{`) && line.includes('server_address="inventory"'))
      .reduce((sum, line) => sum + Number(/\} (\d+)/.exec(line)![1]), 0)
  }
  const repetitions = () => ofInventory('http_client_retries_total')
  const place = (key: string) =>
    order.inject({
      method: 'POST',
      url: '/orders',
      headers: { 'idempotency-key': key },
      payload: { productId: 'product1', quantity: 1 },
    })
  const keys = Array.from({ length: 12 }, () => randomUUID())

  await whileSet(retryStorm, async () => {
    for (const { metrics } of [inventory, order])
      await eventually(async () =>
        assert.match(await metrics.client.register.metrics(), /shop_fault_active\{fault="retry-storm"\} 1/),
      )
    const answers = await Promise.all(keys.map(place))
    assert.ok(
      answers.some(({ statusCode }) => statusCode === 202),
      'every order was settled in time',
    )
    const begun = await repetitions()
    assert.ok(begun > keys.length, `${begun} repetitions`)
    await eventually(async () => assert.ok((await repetitions()) > begun + 40))
    assert.ok((await ofInventory('http_client_request_duration_seconds_count')) > (await repetitions()))
    assert.equal((await inventory.inject('/health')).statusCode, 200)
    assert.equal((await inventory.inject('/inventory/product1')).statusCode, 200)
  })

  await eventually(async () => {
    const answers = await Promise.all(keys.map(place))
    assert.deepEqual(
      answers.map((answer) => answer.json().status),
      keys.map(() => 'CREATED'),
    )
  })
  assert.equal((await inventory.inject('/inventory/product1')).json().quantity, stock - keys.length)
  const { rows } = await inventory.database.query(
    'SELECT count(*)::int AS made, count(DISTINCT order_id)::int AS orders FROM reservations',
  )
  assert.deepEqual(rows, [{ made: keys.length, orders: keys.length }])
})
