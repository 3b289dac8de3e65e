import { useLanguage } from './language.tsx'
import { ProblemNotice } from './problem-notice.tsx'

type Query = { data: unknown; error: Error | null; dataUpdatedAt: number; refetch: () => unknown }

/** Says when a query cannot be answered, and how old the figures on the page are; nothing while all is well. */
export function QueryProblem({ query }: { query: Query }) {
  const { t, format } = useLanguage()
  if (!query.error) return null
  const stale = query.data === undefined ? undefined : t.region.stale(format.time(new Date(query.dataUpdatedAt)))
  return (
    <ProblemNotice error={query.error} {...(stale && { hint: stale })}>
      <button type="button" onClick={() => query.refetch()}>
        {t.region.tryAgain}
      </button>
    </ProblemNotice>
  )
}
