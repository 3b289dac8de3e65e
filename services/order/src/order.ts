import { fromCents } from '@hello/service-kit/money'
import type { Order as OrderBody } from '@hello/shop/api/order'
import type { Customer } from '@hello/shop/customer'

export type OrderStatus = OrderBody['status']

export interface Order {
  id: string
  productId: string
  productName: string
  /** Whole units, 1-1000. */
  quantity: number
  unitPriceCents: number
  status: OrderStatus
  /** Units that were left when the order was rejected. */
  currentStock: number | null
  /** ISO 8601. */
  createdAt: string
  /** How often somebody set out to reserve the units. */
  attempts: number
  /** Whose order it is; null when nobody had signed in. */
  customer: Customer
  /** The trace in which the order was placed, as W3C traceparent; null when it was not traced. */
  traceparent: string | null
}

/** What an order costs, in units of the currency. */
export const orderValue = ({ unitPriceCents, quantity }: Pick<Order, 'unitPriceCents' | 'quantity'>): number =>
  fromCents(unitPriceCents * quantity)
