import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { listTraces } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** Spans leave a service in batches; this is several of them. */
const PATIENCE_MS = 15_000
const REFRESH_MS = 500

/** `?orderId=` leads to the trace that placed the order: the first one that knows it. */
export function OrderTrace({ otherwise }: { otherwise: ReactNode }) {
  const [search] = useSearchParams()
  const orderId = search.get('orderId')
  return orderId ? <FindTrace orderId={orderId} /> : otherwise
}

function FindTrace({ orderId }: { orderId: string }) {
  const { t } = useSignalsLanguage()
  const [since] = useState(Date.now)
  const found = useQuery({ ...listTraces({ orderId }), refetchInterval: REFRESH_MS })
  const first = found.data?.traces.at(-1)
  if (first) return <Navigate replace to={`/signals/traces/${first.traceId}`} />
  return (
    <div className="empty" role="status">
      <QueryProblem query={found} />
      {found.dataUpdatedAt - since > PATIENCE_MS ? (
        <>
          <p>{t.orderTrace.none}</p>
          <p>{t.orderTrace.noneHint}</p>
        </>
      ) : (
        <p>{t.orderTrace.waiting}</p>
      )}
    </div>
  )
}
