import type { Product } from '@hello/shop/api/product'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'

const listProductsOptions = infiniteQueryOptions({
  queryKey: ['products'],
  queryFn: ({ pageParam, signal }) => callApi<Product[]>('GET', pageParam, { signal }),
  initialPageParam: '/products?limit=24',
  getNextPageParam: (page) => page.next,
  select: ({ pages }) => pages.flatMap((page) => page.data),
  refetchInterval: ({ state }) => 15_000 * (state.data?.pages.length ?? 1),
})

/** The products in the order of creation, page by page. */
export const useProducts = () => useInfiniteQuery(listProductsOptions)
