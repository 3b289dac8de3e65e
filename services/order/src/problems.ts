import { defineProblem } from '@hello/service-kit/problem'

export const orderNotFound = defineProblem('order-not-found', { status: 404, title: 'Order not found' })
export const orderOfAnother = defineProblem('order-of-another', { status: 403, title: 'Order of another customer' })
export const idempotencyKeyReused = defineProblem('idempotency-key-reused', {
  status: 422,
  title: 'Idempotency-Key reused',
})
