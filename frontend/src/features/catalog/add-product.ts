import { useMutation } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'
import type { Product } from './list-products.ts'
import { setProductStock } from './product-stock.ts'

/** `stockError` says why the opening stock could not be set, although the product is there. */
export type AddedProduct = { product: Product; stockError: Error | null }

type NewProduct = { name: string; price: number; stock: number }

async function addProduct({ name, price, stock }: NewProduct): Promise<AddedProduct> {
  const { data: product } = await callApi<Product>('POST', '/products', { body: { name, price } })
  try {
    await setProductStock({ productId: product.id, quantity: stock })
    return { product, stockError: null }
  } catch (error) {
    return { product, stockError: error as Error }
  }
}

/** Adds a product and sets its stock. Never repeated by itself: POST /products has no idempotency key. */
export const useAddProduct = () => useMutation({ mutationFn: addProduct })
