import type { Stock } from '@hello/shop/api/stock'
import type { Context } from '@opentelemetry/api'
import { useQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'
import { ApiError } from '../../shared/api-error.ts'
import { useUserAction } from '../../shared/user-action.ts'

/** `etag` names the state of the stock that was read; both are null for a product that never had stock. */
type ProductStock = { quantity: number | null; etag: string | null }

async function getProductStock(productId: string, signal: AbortSignal): Promise<ProductStock> {
  try {
    const { data, etag } = await callApi<Stock>('GET', stockPath(productId), { signal })
    return { quantity: data.quantity, etag }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { quantity: null, etag: null }
    throw error
  }
}

/** One product's stock as it was when its editor opened; only `refetch` reads it again. */
export const useProductStock = (productId: string) =>
  useQuery({
    queryKey: ['product-stock', productId],
    queryFn: ({ signal }) => getProductStock(productId, signal),
    staleTime: 'static',
    gcTime: 0,
  })

type SetStock = { productId: string; quantity: number; etag?: string | null }

/** Sets a product's stock; with an `etag` only if the stock is still what was read, else it throws a 412. */
export async function setProductStock({ productId, quantity, etag }: SetStock, trace: Context): Promise<number> {
  const headers = etag ? { 'if-match': etag } : undefined
  const { data } = await callApi<Stock>('PUT', stockPath(productId), {
    body: { quantity },
    headers,
    trace,
  })
  return data.quantity
}

export const useSetProductStock = () =>
  useUserAction({
    name: 'set stock',
    attributes: ({ productId, quantity }: SetStock) => ({ 'product.id': productId, 'stock.quantity': quantity }),
    perform: setProductStock,
  })

const stockPath = (productId: string) => `/inventory/${encodeURIComponent(productId)}`
