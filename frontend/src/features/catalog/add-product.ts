import type { Product } from '@hello/shop/api/product'
import type { Context } from '@opentelemetry/api'
import { callApi } from '../../shared/api-client.ts'
import { useUserAction } from '../../shared/user-action.ts'
import { setProductStock } from './product-stock.ts'

/** `stockError` says why the opening stock could not be set, although the product is there. */
export type AddedProduct = { product: Product; stockError: Error | null }

type NewProduct = { name: string; price: number; stock: number }

async function addProduct({ name, price, stock }: NewProduct, trace: Context): Promise<AddedProduct> {
  const { data: product } = await callApi<Product>('POST', '/products', { body: { name, price }, trace })
  try {
    await setProductStock({ productId: product.id, quantity: stock }, trace)
    return { product, stockError: null }
  } catch (error) {
    return { product, stockError: error as Error }
  }
}

/** Adds a product and sets its stock. Never repeated by itself: POST /products has no idempotency key. */
export const useAddProduct = () =>
  useUserAction({
    name: 'add product',
    attributes: ({ stock }: NewProduct) => ({ 'stock.quantity': stock }),
    outcome: ({ product }: AddedProduct) => ({ 'product.id': product.id }),
    perform: addProduct,
  })
