import type { TraceSummary } from '@hello/signals-api/trace'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The status code that the caller got, how many spans failed, and what of the trace is missing. */
export function TraceStatus({ trace }: { trace: TraceSummary }) {
  const { t, count } = useSignalsLanguage()
  const { statusCode, errorCount, hasRoot, orphanCount } = trace
  const isBad = errorCount > 0 || (statusCode ?? 0) >= 500
  const tone = isBad ? 'bad' : (statusCode ?? 0) >= 400 || !hasRoot || orphanCount > 0 ? 'pending' : 'good'
  const outcome = statusCode ?? (errorCount > 0 ? t.tracesView.failed : hasRoot && t.tracesView.ok)
  const facts = [
    outcome,
    errorCount > 0 && t.tracesView.failedSpans(count(errorCount)),
    !hasRoot && t.tracesView.rootless,
    orphanCount > 0 && t.tracesView.orphans(count(orphanCount)),
  ]
  return (
    <span className="badge" data-tone={tone}>
      {facts
        .filter((fact) => fact !== false)
        .map((fact, index) => (
          <span key={fact} className="nowrap">
            {index > 0 && ' · '}
            {fact}
          </span>
        ))}
    </span>
  )
}
