import type { KeyboardEvent } from 'react'
import { useSearchParams } from 'react-router'
import { LogFields } from './log-fields.tsx'
import { serviceColour } from './service-mark.tsx'
import type { LogLine, Span } from './signals-api.ts'
import { SpanDetails } from './span-details.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'
import type { WaterfallRow } from './waterfall-rows.ts'

const ticks = [0, 0.25, 0.5, 0.75, 1]
const percent = (share: number) => `${100 * Math.min(1, Math.max(0, share))}%`

type Props = {
  rows: WaterfallRow[]
  /** Microseconds since the epoch. */
  start: number
  /** Microseconds. */
  length: number
}

/** The spans of a trace over time. One span or line is open, named by the page's address. */
export function Waterfall({ rows, start, length }: Props) {
  const { t, duration } = useSignalsLanguage()
  const [search, setSearch] = useSearchParams()
  const open = search.get('open')
  const toggle = (id: string) => setSearch(id === open ? {} : { open: id }, { replace: true })
  const share = (time: number) => (length === 0 ? 0 : (time - start) / length)

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-button')]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    if (step === undefined || at < 0) return
    event.preventDefault()
    buttons[at + step]?.focus()
  }

  return (
    <section className="panel waterfall" aria-label={t.traceView.waterfall}>
      <div className="waterfall-scale" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ left: percent(tick) }}>
            {duration(tick * length)}
          </span>
        ))}
      </div>
      <ol onKeyDown={move}>
        {rows.map((row) =>
          row.span ? (
            <SpanRow
              key={row.span.spanId}
              {...row}
              start={start}
              share={share}
              open={open === row.span.spanId}
              toggle={toggle}
            />
          ) : (
            <LineRow
              key={row.line.sequence}
              {...row}
              share={share}
              open={open === String(row.line.sequence)}
              toggle={toggle}
            />
          ),
        )}
      </ol>
    </section>
  )
}

type RowProps = { depth: number; share: (time: number) => number; open: boolean; toggle: (id: string) => void }

function SpanRow({ span, depth, start, share, open, toggle }: RowProps & { span: Span; start: number }) {
  const { t, duration } = useSignalsLanguage()
  const from = share(span.start)
  const to = share(span.start + span.duration)
  const database = span.attributes['db.system.name']
  return (
    <li className="span-row" data-failed={span.failed} data-open={open} style={serviceColour(span.service)}>
      <button type="button" className="row-button" aria-expanded={open} onClick={() => toggle(span.spanId)}>
        <span className="row-name" style={{ '--depth': depth } as React.CSSProperties}>
          <span className="row-service">{span.service}</span>{' '}
          <span className="row-title">
            {span.name} {span.kind === 'client' && <span className="muted">{span.attributes['url.path']}</span>}
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
            data-side={to < 0.8 ? 'right' : from > 0.2 ? 'left' : 'inside'}
            style={to < 0.8 ? { left: percent(to) } : { right: percent(from > 0.2 ? 1 - from : 1 - to) }}
          >
            {duration(span.duration)}
          </span>
        </span>
      </button>
      {open && <SpanDetails span={span} traceStart={start} />}
    </li>
  )
}

function LineRow({ line, depth, share, open, toggle }: RowProps & { line: LogLine }) {
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
