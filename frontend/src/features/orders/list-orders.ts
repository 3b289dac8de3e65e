import type { Order } from '@hello/shop/api/order'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'
import { PENDING_REFRESH_MS } from './pending-refresh.ts'

const REFRESH_MS = 3_000

const listOrdersOptions = infiniteQueryOptions({
  queryKey: ['orders'],
  queryFn: ({ pageParam, signal }) => callApi<Order[]>('GET', pageParam, { signal }),
  initialPageParam: '/orders?limit=12',
  getNextPageParam: (page) => page.next,
  select: ({ pages }) => pages.flatMap((page) => page.data),
  // Every shown page is fetched again each time: keep the load of one browser the same however many are shown.
  refetchInterval: ({ state }) => {
    const pages = state.data?.pages ?? []
    const pending = pages.some((page) => page.data.some((order) => order.status === 'PENDING'))
    return (pending ? PENDING_REFRESH_MS : REFRESH_MS) * (pages.length || 1)
  },
})

/** The orders of all customers with their live status, newest first, page by page. */
export const useOrders = () => useInfiniteQuery(listOrdersOptions)
