import { type Static, Type } from 'typebox'

/** The units left of a product. */
export const Stock = Type.Object({ productId: Type.String(), quantity: Type.Integer() })
export type Stock = Static<typeof Stock>

/** Units left, by product id. */
export const StockByProduct = Type.Record(Type.String(), Type.Integer())
export type StockByProduct = Static<typeof StockByProduct>
