import type { JudgedSpan } from '@hello/signals-api/span'
import type { TraceSummary } from '@hello/signals-api/trace'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { type ComparedRow, compareTraces, type Side } from './compare-traces.ts'
import { ServiceMark, serviceColour } from './service-mark.tsx'
import { getTrace } from './signals-api.ts'
import { TraceStatus } from './trace-status.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

type Trace = { summary: TraceSummary; spans: JudgedSpan[] }

/** Two traces, span by span: what one of them has alone, and where the time went. */
export function CompareView() {
  const { t } = useSignalsLanguage()
  const { traceId = '', other = '' } = useParams()
  const first = useQuery(getTrace(traceId))
  const second = useQuery(getTrace(other))
  return (
    <>
      <Link to="/signals/traces" className="back">
        ← {t.traceView.back}
      </Link>
      <h2>{t.compare.heading}</h2>
      <QueryProblem query={first} />
      <QueryProblem query={second} />
      {first.data && second.data && <Comparison first={first.data} second={second.data} />}
    </>
  )
}

function Comparison({ first, second }: { first: Trace; second: Trace }) {
  const { t } = useSignalsLanguage()
  const rows = useMemo(() => compareTraces(first.spans, second.spans), [first, second])
  const length = Math.max(first.summary.duration, second.summary.duration)
  const whole = ({ summary }: Trace): Side => ({
    ...{ count: 1, failed: summary.errorCount, offset: 0, duration: summary.duration },
  })
  return (
    <>
      <div className="compared">
        <Head title={t.compare.first} which="first" summary={first.summary} />
        <Head title={t.compare.second} which="second" summary={second.summary} />
      </div>
      <div className="panel scrolls">
        <table className="comparison stacks" aria-label={t.compare.table}>
          <thead>
            <tr>
              <th scope="col">{t.compare.span}</th>
              <th scope="col" className="number">
                {t.compare.first}
              </th>
              <th scope="col" className="number">
                {t.compare.second}
              </th>
              <th scope="col" className="number">
                {t.compare.difference}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t.compare.totals}</th>
              <Figures first={whole(first)} second={whole(second)} length={length} />
            </tr>
            {rows.map((row) => (
              <SpanRow key={row.path} row={row} length={length} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Head({ title, which, summary }: { title: string; which: 'first' | 'second'; summary: TraceSummary }) {
  const { t, count, preciseClock } = useSignalsLanguage()
  return (
    <section className="panel compared-trace" data-which={which}>
      <h3>{title}</h3>
      <p>
        <Link to={`/signals/traces/${summary.traceId}`}>
          <ServiceMark service={summary.service} /> <span>{summary.name ?? t.tracesView.unnamed}</span>
        </Link>{' '}
        <TraceStatus trace={summary} />
      </p>
      <p className="muted">
        {preciseClock(summary.start / 1000)} · {t.traceView.spans} {count(summary.spanCount)}
      </p>
    </section>
  )
}

function SpanRow({ row, length }: { row: ComparedRow; length: number }) {
  const { t } = useSignalsLanguage()
  const alone = !row.first ? t.compare.only.second : !row.second && t.compare.only.first
  return (
    <tr style={serviceColour(row.service)}>
      <th scope="row">
        <span className="compared-name" style={{ '--depth': row.depth } as React.CSSProperties}>
          <span className="row-service">{row.service}</span> <span>{row.name}</span>{' '}
          {alone && <span className="row-tag">{alone}</span>}
        </span>
      </th>
      <Figures first={row.first} second={row.second} length={length} />
    </tr>
  )
}

/** Differences of less than this share of the longer trace are nothing to look at. */
const NOTABLE = 0.05

function Figures({ first, second, length }: { first: Side | null; second: Side | null; length: number }) {
  const { t, duration } = useSignalsLanguage()
  const difference = first && second && second.duration - first.duration
  const sign = (difference ?? 0) < 0 ? '−' : '+'
  const notable = Math.abs(difference ?? 0) >= NOTABLE * length
  return (
    <>
      <SideCell label={t.compare.first} side={first} />
      <SideCell label={t.compare.second} side={second} />
      <td
        className="number nowrap"
        data-label={t.compare.difference}
        data-notable={notable ? (sign === '+' ? 'slower' : 'faster') : undefined}
      >
        {difference === null ? '–' : `${sign}${duration(Math.abs(difference))}`}
      </td>
      <td className="compared-bars" aria-hidden="true">
        {[first, second].map(
          (side, index) =>
            side && (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second
                key={index}
                data-which={index === 0 ? 'first' : 'second'}
                style={{
                  left: `${(100 * side.offset) / (length || 1)}%`,
                  width: `${(100 * Math.min(side.duration, length - side.offset)) / (length || 1)}%`,
                }}
              />
            ),
        )}
      </td>
    </>
  )
}

function SideCell({ label, side }: { label: string; side: Side | null }) {
  const { t, count, duration } = useSignalsLanguage()
  return (
    <td className="number" data-label={label} data-failing={(side?.failed ?? 0) > 0}>
      {side ? <span className="nowrap">{duration(side.duration)}</span> : '–'}
      {side && side.count > 1 && <span className="muted nowrap"> · {t.compare.times(count(side.count))}</span>}
      {side && side.failed > 0 && <span className="nowrap"> · {t.tracesView.failedSpans(count(side.failed))}</span>}
    </td>
  )
}
