import { type Static, Type } from 'typebox'

/** A product of the public API; `price` in dollars, exact to the cent. */
export const Product = Type.Object({
  id: Type.String(),
  name: Type.String(),
  price: Type.Number(),
})
export type Product = Static<typeof Product>
