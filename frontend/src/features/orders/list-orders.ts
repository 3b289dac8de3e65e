import type { Order } from '@hello/shop/api/order'
import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'
import { appConfigOptions } from '../../shared/app-config.ts'
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

/**
 * The orders with their live status, newest first, page by page: of everybody, or where customers sign in of the one who has. Asks
 * for none where nobody has.
 */
export function useOrders() {
  const { data: config, isPending } = useQuery(appConfigOptions)
  const ofCustomer = config?.signIn === true
  const isGuest = ofCustomer && config.customer === null
  return { ofCustomer, isGuest, orders: useInfiniteQuery({ ...listOrdersOptions, enabled: !isPending && !isGuest }) }
}
