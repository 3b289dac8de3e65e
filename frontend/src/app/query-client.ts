import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from '../shared/api-error.ts'
import { appConfigOptions } from '../shared/app-config.ts'
import { read } from '../shared/retry.ts'

export function createQueryClient(): QueryClient {
  /** A session that is over is over for every region of the page. */
  function noteEndOfSession(error: Error) {
    if (!(error instanceof ApiError) || error.status !== 401) return
    client.setQueryData(appConfigOptions.queryKey, (config) => config && { ...config, customer: null })
  }

  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noteEndOfSession }),
    // A change can show in any region (an order moves stock), so every change refreshes whatever is on the page.
    mutationCache: new MutationCache({ onError: noteEndOfSession, onSettled: () => void client.invalidateQueries() }),
    defaultOptions: {
      // The shop may run on this very machine: an offline browser still reaches it.
      queries: { ...read, networkMode: 'always', staleTime: 1_000 },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
