import { type Static, Type } from 'typebox'

/** An order of the public API; money in dollars. */
export const Order = Type.Object({
  id: Type.String(),
  productId: Type.String(),
  productName: Type.String(),
  quantity: Type.Integer(),
  unitPrice: Type.Number(),
  totalPrice: Type.Number(),
  status: Type.Enum(['PENDING', 'CREATED', 'REJECTED']),
  createdAt: Type.String({ format: 'date-time' }),
})
export type Order = Static<typeof Order>
