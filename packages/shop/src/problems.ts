import { defineProblem } from '@hello/service-kit/problem'

/** The kinds of problem that several programs of the shop answer with; docs/problems.md says what to do about each. */
export const productNotFound = defineProblem('product-not-found', { status: 404, title: 'Product not found' })
export const insufficientInventory = defineProblem('insufficient-inventory', {
  status: 409,
  title: 'Insufficient inventory',
})
export const invalidOtlp = defineProblem('invalid-otlp', { status: 400, title: 'Invalid OTLP request' })
export const labConflict = defineProblem('lab-conflict', { status: 409, title: 'Not at this time of the lab' })
