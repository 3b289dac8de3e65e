import type { TraceSummary } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The status code that the caller got, how many spans failed, and whether the root span has not arrived. */
export function TraceStatus({ trace }: { trace: TraceSummary }) {
  const { t, count } = useSignalsLanguage()
  const { statusCode, errorCount, finished } = trace
  const isBad = errorCount > 0 || (statusCode ?? 0) >= 500
  const tone = isBad ? 'bad' : (statusCode ?? 0) >= 400 || !finished ? 'pending' : 'good'
  const outcome = statusCode ?? (errorCount > 0 ? t.tracesView.failed : finished && t.tracesView.ok)
  const facts = [
    outcome,
    errorCount > 0 && t.tracesView.failedSpans(count(errorCount)),
    !finished && t.tracesView.unfinished,
  ]
  return (
    <span className="badge" data-tone={tone}>
      {facts.filter(Boolean).join(' · ')}
    </span>
  )
}
