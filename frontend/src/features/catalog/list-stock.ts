import type { StockByProduct } from '@hello/shop/api/stock'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'

const PAGE_SIZE = 100
const REFRESH_MS = 3_000

async function listStock({ signal }: { signal: AbortSignal }): Promise<StockByProduct> {
  const stock: StockByProduct = {}
  let path: string | null = `/inventory?limit=${PAGE_SIZE}`
  while (path) {
    const page: { data: StockByProduct; next: string | null } = await callApi<StockByProduct>('GET', path, { signal })
    Object.assign(stock, page.data)
    path = page.next
  }
  return stock
}

const listStockOptions = queryOptions({
  queryKey: ['stock'],
  queryFn: listStock,
  // A full shop takes several requests: refresh it less often, so that the load of a page stays the same.
  refetchInterval: ({ state }) => REFRESH_MS * Math.ceil((Object.keys(state.data ?? {}).length || 1) / PAGE_SIZE),
})

/** The live stock of every product. */
export const useStock = () => useQuery(listStockOptions)
