import { defineProblem } from '@hello/service-kit/problem'
import { productNotFound } from '@hello/shop/problems'

export const reservationMismatch = defineProblem('reservation-mismatch', { status: 422, title: 'Reservation mismatch' })

/** A product of which the inventory has never heard, with the original demo's text. */
export const notStocked = (productId: string) =>
  productNotFound(`${productId} was never stocked; PUT /inventory/${productId} does.`, {
    error: 'Product not found in inventory',
  })
