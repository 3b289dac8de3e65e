import type { TraceSummary } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The status code that the caller got, and how many spans failed. */
export function TraceStatus({ trace }: { trace: TraceSummary }) {
  const { t, count } = useSignalsLanguage()
  const { statusCode, errorCount } = trace
  const tone = errorCount > 0 || (statusCode ?? 0) >= 500 ? 'bad' : (statusCode ?? 0) >= 400 ? 'pending' : 'good'
  return (
    <span className="badge" data-tone={tone}>
      {statusCode ?? t.tracesView[errorCount > 0 ? 'failed' : 'ok']}
      {errorCount > 0 && ` · ${t.tracesView.failedSpans(count(errorCount))}`}
    </span>
  )
}
