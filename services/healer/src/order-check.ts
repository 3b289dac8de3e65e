import { createUpstream, type UpstreamOptions } from '@hello/service-kit/upstream'
import { timeBudget } from '@hello/shop/time-budget'

/**
 * Orders one unit as a buyer does, through the gateway.
 *
 * @param key the Idempotency-Key: repeated with the same, it makes one order
 * @returns whether the shop sells: the order was created, or refused for nothing but its stock, which product, inventory and order
 *   all have to work for. An order that stays pending is none.
 */
export type OrderCheck = (key: string) => Promise<boolean>

export interface OrderCheckOptions extends Required<Pick<UpstreamOptions, 'url' | 'observer'>> {
  productId: string
}

/** Opens the way of a buyer through the gateway. */
export function openOrderCheck({ url, observer, productId }: OrderCheckOptions) {
  const gateway = createUpstream({ name: 'gateway', url, attemptTimeout: timeBudget.gateway, observer })
  const sells: OrderCheck = async (key) => {
    try {
      const { statusCode } = await gateway.request({
        method: 'POST',
        path: '/api/orders',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ productId, quantity: 1 }),
        deadline: Date.now() + timeBudget.frontend,
        repeatable: true,
      })
      return statusCode === 201 || statusCode === 409
    } catch {
      return false
    }
  }
  return { sells, close: () => gateway.close() }
}
