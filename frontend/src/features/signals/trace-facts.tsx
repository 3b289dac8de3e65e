import type { TraceSummary } from '@hello/signals-api/trace'
import { useState } from 'react'
import { Link } from 'react-router'
import { ServiceMark } from './service-mark.tsx'
import { TraceStatus } from './trace-status.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

/** What one wants to know of a trace first. */
export function TraceFacts({ summary, lineCount }: { summary: TraceSummary; lineCount: number }) {
  const { t, count, duration, preciseClock } = useSignalsLanguage()
  const [copied, setCopied] = useState(false)
  const { traceId } = summary
  return (
    <header className="trace-facts">
      <h2>
        <ServiceMark service={summary.service} /> <span>{summary.name ?? t.tracesView.unnamed}</span>{' '}
        <TraceStatus trace={summary} />
      </h2>
      <p className="trace-id">
        <code>{traceId}</code>{' '}
        <button
          type="button"
          className="link-button"
          aria-label={t.traceView.copyId}
          onClick={() => navigator.clipboard.writeText(traceId).then(() => setCopied(true))}
        >
          {copied ? t.traceView.copied : t.traceView.copyId}
        </button>
      </p>
      <dl className="facts">
        <Fact name={t.traceView.started}>{preciseClock(summary.start / 1000)}</Fact>
        <Fact name={t.traceView.duration}>{duration(summary.duration)}</Fact>
        <Fact name={t.traceView.spans}>{count(summary.spanCount)}</Fact>
        <Fact name={t.traceView.services}>{count(summary.services.length)}</Fact>
        <Fact name={t.traceView.lines}>
          <Link to={`/signals/logs?traceId=${traceId}`}>{count(lineCount)}</Link>
        </Fact>
        {summary.orderIds.map((orderId) => (
          <Fact key={orderId} name={t.traceView.order}>
            <Link to={`/signals/traces?orderId=${encodeURIComponent(orderId)}`}>
              <code>{orderId}</code>
            </Link>
          </Fact>
        ))}
      </dl>
    </header>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
