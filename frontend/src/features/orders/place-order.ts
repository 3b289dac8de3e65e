import type { Order } from '@hello/shop/api/order'
import type { Context } from '@opentelemetry/api'
import { callApi } from '../../shared/api-client.ts'
import { repeatableChange } from '../../shared/retry.ts'
import { useUserAction } from '../../shared/user-action.ts'

export type NewOrder = { productId: string; quantity: number; idempotencyKey: string }

async function placeOrder({ productId, quantity, idempotencyKey }: NewOrder, trace: Context): Promise<Order> {
  const { data } = await callApi<Order>('POST', '/orders', {
    body: { productId, quantity },
    headers: { 'idempotency-key': idempotencyKey },
    trace,
  })
  return data
}

/**
 * Places an order, `PENDING` when its outcome is not known yet. Repeats the call with the same key when nobody
 * answered, which stays one order.
 */
export const usePlaceOrder = () =>
  useUserAction({
    name: 'buy product',
    attributes: ({ productId, quantity }: NewOrder) => ({ 'product.id': productId, 'order.quantity': quantity }),
    outcome: ({ id, status }: Order) => ({ 'order.id': id, 'order.status': status }),
    perform: placeOrder,
    ...repeatableChange,
  })

/** A key no other order has. (`crypto.randomUUID` is missing on pages that are not served over HTTPS or localhost.) */
export function createIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
