import { createUpstream } from '@hello/service-kit/upstream'
import { UpstreamError } from '@hello/service-kit/upstream-error'
import { timeBudget } from '@hello/shop/time-budget'
import fastifyPlugin from 'fastify-plugin'
import type { Order } from './order.ts'

declare module 'fastify' {
  interface FastifyInstance {
    inventoryClient: InventoryClient
  }
}

/** What is known of a reservation: `unknown` may have been made, `untouched` certainly was not. */
export type Reservation =
  | { outcome: 'reserved' }
  | { outcome: 'refused'; currentStock: number }
  | { outcome: 'unknown' }
  | { outcome: 'untouched' }

export interface InventoryClient {
  /**
   * Reserves the units of an order; safe to repeat. Never throws: what cannot be told is `unknown`.
   *
   * @param deadline milliseconds since 1970
   */
  reserve(order: Order, deadline: number): Promise<Reservation>
}

export const inventoryClientPlugin = fastifyPlugin<{ url: string }>(
  async (app, { url }) => {
    const inventory = createUpstream({
      name: 'inventory',
      url,
      attemptTimeout: timeBudget.upstreamAttempt,
      observer: app.upstreamObserver,
      interceptors: app.upstreamInterceptors,
    })
    app.addHook('onClose', () => inventory.close())
    app.decorate('inventoryClient', {
      async reserve({ id, productId, quantity }, deadline) {
        try {
          const { statusCode, body } = await inventory.requestJson({
            method: 'PUT',
            path: `/reservations/${id}`,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ productId, quantity }),
            deadline,
            repeatable: true,
          })
          const answer = body as { state?: string; currentStock?: number }
          if (statusCode >= 500) return { outcome: 'unknown' }
          if (answer.state === 'RESERVED') return { outcome: 'reserved' }
          if (statusCode !== 409 && statusCode !== 404) {
            app.log.error({ order_id: id, status: statusCode, answer }, 'inventory refused a reservation unexpectedly')
          }
          return { outcome: 'refused', currentStock: answer.currentStock ?? 0 }
        } catch (error) {
          return { outcome: error instanceof UpstreamError && !error.maybeProcessed ? 'untouched' : 'unknown' }
        }
      },
    })
  },
  { name: 'inventory-client', dependencies: ['upstream-observer'] },
)
