import { useMutation } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'
import { repeatableChange } from '../../shared/retry.ts'
import type { Order } from './order.ts'

export type NewOrder = { productId: string; quantity: number; idempotencyKey: string }

async function placeOrder({ productId, quantity, idempotencyKey }: NewOrder): Promise<Order> {
  const { data } = await callApi<Order>('POST', '/orders', {
    body: { productId, quantity },
    headers: { 'idempotency-key': idempotencyKey },
  })
  return data
}

/**
 * Places an order, `PENDING` when its outcome is not known yet. Repeats the call with the same key when nobody
 * answered, which stays one order.
 */
export const usePlaceOrder = () => useMutation({ mutationFn: placeOrder, ...repeatableChange })

/** A key no other order has. (`crypto.randomUUID` is missing on pages that are not served over HTTPS or localhost.) */
export function createIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
