import { defineProblem } from '@hello/service-kit/problem'

export const orderNotFound = defineProblem('order-not-found', { status: 404, title: 'Order not found' })
export const idempotencyKeyReused = defineProblem('idempotency-key-reused', {
  status: 422,
  title: 'Idempotency-Key reused',
})
