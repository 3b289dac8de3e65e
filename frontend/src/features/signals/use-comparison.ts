import { useNavigate } from 'react-router'
import { useFilters } from './filters.tsx'

/** The trace chosen to be compared, kept in the page's address; choosing a second one leads to the comparison. */
export function useComparison() {
  const { values, set } = useFilters(['compare'])
  const navigate = useNavigate()
  const { compare } = values
  const choose = (traceId: string) => {
    if (!compare) set('compare', traceId)
    else if (compare === traceId) set('compare', '')
    else navigate(`/signals/traces/${compare}/compare/${traceId}`)
  }
  return { compare, choose, cancel: () => set('compare', '') }
}
