import type { KeyboardEvent } from 'react'
import { useSearchParams } from 'react-router'
import type { ShownRow } from './collapse-rows.ts'
import type { Stretch } from './critical-path.ts'
import { useSignalsLanguage } from './use-signals-language.ts'
import { LineRow, percent, SpanRow } from './waterfall-row.tsx'

const ticks = [0, 0.25, 0.5, 0.75, 1]

type Props = {
  rows: ShownRow[]
  critical: Map<string, Stretch[]>
  collapsed: ReadonlySet<string>
  onCollapse: (spanId: string, collapse: boolean) => void
  /** Microseconds since the epoch. */
  start: number
  /** Microseconds. */
  length: number
}

/** The spans of a trace over time. One span or line is open, named by the page's address. */
export function Waterfall({ rows, critical, collapsed, onCollapse, start, length }: Props) {
  const { t, duration } = useSignalsLanguage()
  const [search, setSearch] = useSearchParams()
  const open = search.get('open')
  const toggle = (id: string) => setSearch(id === open ? {} : { open: id }, { replace: true })
  const share = (time: number) => (length === 0 ? 0 : (time - start) / length)

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-button')]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const row = rows[at]
    if (!row) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const collapse = { ArrowLeft: true, ArrowRight: false }[event.key]
    if (step === undefined && collapse === undefined) return
    event.preventDefault()
    if (step !== undefined) buttons[at + step]?.focus()
    else if (row.span && row.below > 0) onCollapse(row.span.spanId, collapse!)
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
              stretches={critical.get(row.span.spanId) ?? []}
              collapsed={collapsed.has(row.span.spanId)}
              onCollapse={onCollapse}
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
