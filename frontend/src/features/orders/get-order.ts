import type { Order } from '@hello/shop/api/order'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api-client.ts'
import { PENDING_REFRESH_MS } from './pending-refresh.ts'

const getOrderOptions = (order: Order) =>
  queryOptions({
    queryKey: ['order', order.id],
    queryFn: async ({ signal }) => {
      const { data } = await callApi<Order>('GET', `/orders/${encodeURIComponent(order.id)}`, { signal })
      return data
    },
    initialData: order,
    enabled: ({ state }) => state.data?.status === 'PENDING',
    refetchInterval: PENDING_REFRESH_MS,
  })

/** An order as it is now: asks again until it is no longer `PENDING`. */
export const useOrder = (order: Order) => useQuery(getOrderOptions(order))
