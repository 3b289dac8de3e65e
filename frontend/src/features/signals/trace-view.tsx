import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'react-router'
import { ApiError } from '../../shared/api-error.ts'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { LatencyPoint } from './latency-point.tsx'
import { useLive } from './live.tsx'
import { ServiceMark } from './service-mark.tsx'
import { getTrace, type LogLine, type Span, type TraceSummary } from './signals-api.ts'
import { TraceStatus } from './trace-status.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'
import { Waterfall } from './waterfall.tsx'
import { waterfallRows } from './waterfall-rows.ts'

/** One trace: its facts, and its spans and log lines by time. */
export function TraceView() {
  const { t } = useSignalsLanguage()
  const { traceId = '' } = useParams()
  const { refetchInterval } = useLive()
  const trace = useQuery({ ...getTrace(traceId), refetchInterval })
  const missing = trace.error instanceof ApiError && [400, 404].includes(trace.error.status) && !trace.data
  return (
    <>
      <Link to="/signals/traces" className="back">
        ← {t.traceView.back}
      </Link>
      {missing ? (
        <div className="empty">
          <p>{t.traceView.missing}</p>
          <p>{t.traceView.missingHint}</p>
          <code>{traceId}</code>
        </div>
      ) : (
        <QueryProblem query={trace} />
      )}
      {trace.data && <Trace {...trace.data} />}
    </>
  )
}

function Trace({ summary, spans, logs }: { summary: TraceSummary; spans: Span[]; logs: LogLine[] }) {
  const { t, count } = useSignalsLanguage()
  const [showLogs, setShowLogs] = useState(true)
  const rows = useMemo(() => waterfallRows(spans, showLogs ? logs : []), [spans, logs, showLogs])
  return (
    <>
      <div className="trace-top">
        <TraceFacts summary={summary} lineCount={logs.length} />
        <LatencyPoint traceId={summary.traceId} spans={spans} />
      </div>
      {summary.orphanCount > 0 && (
        <p className="notice" data-kind="pending">
          {t.traceView.orphans(count(summary.orphanCount))}
        </p>
      )}
      <div className="toolbar">
        <label className="switch">
          <input type="checkbox" checked={showLogs} onChange={(event) => setShowLogs(event.target.checked)} />
          {t.traceView.showLogs}
        </label>
      </div>
      <Waterfall rows={rows} start={summary.start} length={summary.duration} />
    </>
  )
}

function TraceFacts({ summary, lineCount }: { summary: TraceSummary; lineCount: number }) {
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
