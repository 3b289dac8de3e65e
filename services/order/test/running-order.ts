import { after, beforeEach } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { buildApp, type OrderConfig } from '../src/app.ts'
import { startUpstream } from './upstreams.ts'

/** The product service as most tests want it: it sells product1. */
export const sells = ({ path }: { path: string }) =>
  path === '/products/product1'
    ? { status: 200, body: { id: 'product1', name: 'Product 1', price: 10.99 } }
    : { status: 404, body: { error: 'Product not found' } }
/** The inventory service as most tests want it: there is enough of everything. */
export const reserves = () => ({ status: 201, body: { state: 'RESERVED' } })
/** An order of one. */
export const one = { productId: 'product1', quantity: 1 }

/** The order service with a database of its own, between neighbours that answer what a test sets, for a file of tests. */
export async function startOrder(more: Partial<OrderConfig> = {}) {
  const product = await startUpstream(sells)
  const inventory = await startUpstream(reserves)
  const config: OrderConfig = {
    DATABASE_URL: await createTestDatabase(),
    DATABASE_POOL_SIZE: 8,
    LOG_LEVEL: 'silent',
    ALLOWED_HOSTS: 'localhost',
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL: inventory.url,
    ...more,
  }
  const app = await buildApp(config)
  await app.ready()
  beforeEach(() => {
    product.answer = sells
    inventory.answer = reserves
  })
  after(async () => {
    await app.close()
    await Promise.all([product.close(), inventory.close()])
  })
  return {
    app,
    config,
    product,
    inventory,
    post: (payload: unknown, headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url: '/orders', payload: payload as object, headers }),
    status: async (id: string) => (await app.inject(`/orders/${id}`)).json().status,
  }
}
