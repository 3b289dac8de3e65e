import { render } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { App } from './app.tsx'
import { json, serveNetwork } from './test-network.ts'

type Routes = Parameters<typeof serveNetwork>[0]

export const lamp = { id: 'lamp', name: 'Lamp', price: 10.99 }

export const orderOf = (quantity: number, more: object = {}) => ({
  id: '0193c925-ce69-7fab-93db-e19e155c0de2',
  productId: 'lamp',
  productName: 'Lamp',
  quantity,
  unitPrice: 10.99,
  totalPrice: (1099 * quantity) / 100,
  status: 'CREATED',
  createdAt: new Date().toISOString(),
  ...more,
})

/** Opens the page of a shop that sells one lamp, has fifty of it and no orders, unless `routes` say otherwise. */
export function openShop(routes: Routes = {}) {
  const served: Routes = {
    'GET /config.json': () => json({ tracing: false, signals: false, jaegerUrl: null, grafanaUrl: null }),
    'GET /api/products?limit=24': () => json([lamp]),
    'GET /api/inventory?limit=100': () => json({ lamp: 50 }),
    'GET /api/orders?limit=12': () => json([]),
    ...routes,
  }
  serveNetwork(served)
  render(<App />)
  return { user: userEvent.setup(), routes: served }
}
