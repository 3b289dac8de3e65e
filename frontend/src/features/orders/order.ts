/** As in docs/api.md; money in dollars, `createdAt` in ISO 8601. */
export type Order = {
  id: string
  productId: string
  productName: string
  quantity: number
  unitPrice: number
  totalPrice: number
  status: 'PENDING' | 'CREATED' | 'REJECTED'
  createdAt: string
}

/** How soon to look again at an order whose outcome is not known yet. */
export const PENDING_REFRESH_MS = 1_000
