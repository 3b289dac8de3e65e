import { MutationCache, QueryClient } from '@tanstack/react-query'
import { read } from '../shared/retry.ts'

export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    // A change can show in any region (an order moves stock), so every change refreshes whatever is on the page.
    mutationCache: new MutationCache({ onSettled: () => void client.invalidateQueries() }),
    defaultOptions: {
      // The shop may run on this very machine: an offline browser still reaches it.
      queries: { ...read, networkMode: 'always', staleTime: 1_000 },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
