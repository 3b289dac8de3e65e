import type { LogLine } from '@hello/signals-api/log'
import type { JudgedSpan } from '@hello/signals-api/span'
import type { TraceSummary } from '@hello/signals-api/trace'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'react-router'
import { ApiError } from '../../shared/api-error.ts'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { collapseRows } from './collapse-rows.ts'
import { criticalPath } from './critical-path.ts'
import { LatencyPoint } from './latency-point.tsx'
import { useLive } from './live.tsx'
import { getTrace } from './signals-api.ts'
import { TraceFacts } from './trace-facts.tsx'
import { useCollapsed } from './use-collapsed.ts'
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

function Trace({ summary, spans, logs }: { summary: TraceSummary; spans: JudgedSpan[]; logs: LogLine[] }) {
  const { t, count } = useSignalsLanguage()
  const [showLogs, setShowLogs] = useState(true)
  const { collapsed, collapse, collapseAll, expandAll } = useCollapsed()
  const rows = useMemo(() => waterfallRows(spans, showLogs ? logs : []), [spans, logs, showLogs])
  const shown = useMemo(() => collapseRows(rows, collapsed), [rows, collapsed])
  const critical = useMemo(() => criticalPath(spans), [spans])
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
        <button type="button" className="link-button" onClick={() => collapseAll(spans)}>
          {t.traceView.collapseAll}
        </button>
        <button type="button" className="link-button" onClick={expandAll}>
          {t.traceView.expandAll}
        </button>
        <span className="critical-key">{t.traceView.criticalPath}</span>
        <Link to={`/signals/traces?${compareWith(summary)}`}>{t.compare.with}</Link>
      </div>
      <Waterfall
        rows={shown}
        critical={critical}
        collapsed={collapsed}
        onCollapse={collapse}
        start={summary.start}
        length={summary.duration}
      />
    </>
  )
}

/** The list of the traces that are likest to this one, to choose one of them. */
const compareWith = ({ traceId, route }: TraceSummary) =>
  new URLSearchParams({ compare: traceId, ...(route && { route }) }).toString()
