import { useLanguage } from './language.tsx'
import { ProblemNotice } from './problem-notice.tsx'

type Query = {
  data: unknown
  error: Error | null
  failureCount: number
  failureReason: Error | null
  dataUpdatedAt: number
  refetch: () => unknown
}

/** Why a read has no answer: for good, or for now after more than one try. Null while all is well. */
export function problemOf({ error, failureCount, failureReason }: Omit<Query, 'refetch'>): Error | null {
  return error ?? (failureCount > 1 ? failureReason : null)
}

/** Says when a query has no answer, and how old the figures on the page are; nothing while all is well. */
export function QueryProblem({ query }: { query: Query }) {
  const { t, format } = useLanguage()
  const problem = problemOf(query)
  if (!problem) return null
  const stale = query.data === undefined ? undefined : t.region.stale(format.time(new Date(query.dataUpdatedAt)))
  return (
    <ProblemNotice error={problem} {...(stale && { hint: stale, mild: true })}>
      <button type="button" onClick={() => query.refetch()}>
        {t.region.tryAgain}
      </button>
    </ProblemNotice>
  )
}
