import type { LogLine } from '@hello/signals-api/log'
import type { JudgedSpan } from '@hello/signals-api/span'
import type { Stretch } from './critical-path.ts'
import { LogFields } from './log-fields.tsx'
import { serviceColour } from './service-mark.tsx'
import { SpanDetails } from './span-details.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

/** A share of the trace's length, as CSS. */
export const percent = (share: number) => `${100 * Math.min(1, Math.max(0, share))}%`

/** Where a call goes; of a statement, and of a span that is no call, nothing. */
const calledPath = ({ kind, attributes }: JudgedSpan) =>
  kind === 'client' ? URL.parse(String(attributes['url.full']))?.pathname : undefined

type RowProps = { depth: number; share: (time: number) => number; open: boolean; toggle: (id: string) => void }

type SpanRowProps = RowProps & {
  span: JudgedSpan
  below: number
  start: number
  /** The times at which the span alone holds the trace up. */
  stretches: Stretch[]
  collapsed: boolean
  onCollapse: (spanId: string, collapse: boolean) => void
}

/** A span as a bar over time, with what it says when it is open. */
export function SpanRow(props: SpanRowProps) {
  const { span, depth, below, start, share, open, toggle, stretches, collapsed, onCollapse } = props
  const { t, count, duration } = useSignalsLanguage()
  const holds = stretches.reduce((sum, { from, to }) => sum + to - from, 0)
  const from = share(span.start)
  const to = share(span.start + span.duration)
  // Where the figure has room, also on the narrowest screen.
  const side = to < 0.6 ? 'right' : from > 0.4 ? 'left' : 'inside'
  const database = span.attributes['db.system.name']
  return (
    <li className="span-row" data-failed={span.failed} data-open={open} style={serviceColour(span.service)}>
      {below > 0 && (
        <button
          type="button"
          className="row-toggle"
          style={{ '--depth': depth } as React.CSSProperties}
          aria-expanded={!collapsed}
          aria-label={t.traceView.rowsBelow(count(below), `${span.service} ${span.name}`)}
          onClick={() => onCollapse(span.spanId, !collapsed)}
        />
      )}
      <button type="button" className="row-button" aria-expanded={open} onClick={() => toggle(span.spanId)}>
        <span className="row-name" style={{ '--depth': depth } as React.CSSProperties}>
          <span className="row-service">{span.service}</span>{' '}
          <span className="row-title">
            {span.name} <span className="muted">{calledPath(span)}</span>
          </span>
          {database && <span className="row-tag">SQL</span>}
          {span.failed && (
            <span className="row-tag" data-tone="bad">
              {t.traceView.failedSpan}
            </span>
          )}
          <span className="visually-hidden"> {t.traceView.startsAt(duration(span.start - start))} </span>
        </span>
        <span className="row-time">
          <span className="row-bar" data-kind={span.kind} style={{ left: percent(from), width: percent(to - from) }}>
            {span.events.map((event) => (
              <span
                key={`${event.name} ${event.time}`}
                className="row-event"
                style={{ left: percent((event.time - span.start) / (span.duration || 1)) }}
              />
            ))}
          </span>
          <span
            className="row-duration"
            data-kind={span.kind}
            data-side={side}
            style={side === 'right' ? { left: percent(to) } : { right: percent(side === 'left' ? 1 - from : 1 - to) }}
          >
            {duration(span.duration)}
          </span>
          {stretches.map(({ from, to }) => (
            <span
              key={from}
              className="row-critical"
              style={{ left: percent(share(from)), width: percent(share(to) - share(from)) }}
            />
          ))}
          {holds > 0 && <span className="visually-hidden"> {t.traceView.holdsUp(duration(holds))}</span>}
        </span>
      </button>
      {open && <SpanDetails span={span} traceStart={start} />}
    </li>
  )
}

/** A log line at its time. */
export function LineRow({ line, depth, share, open, toggle }: RowProps & { line: LogLine }) {
  return (
    <li className="line-row" data-level={line.level} data-open={open} style={serviceColour(line.service)}>
      <button type="button" className="row-button" aria-expanded={open} onClick={() => toggle(String(line.sequence))}>
        <span className="row-name" style={{ '--depth': depth } as React.CSSProperties}>
          <span className="level" data-level={line.level}>
            {line.level}
          </span>
          <span className="row-title">{line.msg}</span>
        </span>
        <span className="row-time">
          <span className="row-mark" style={{ left: percent(share(line.time * 1000)) }} />
        </span>
      </button>
      {open && <LogFields line={line} />}
    </li>
  )
}
