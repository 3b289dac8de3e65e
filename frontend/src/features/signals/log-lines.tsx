import type { LogLine } from '@hello/signals-api/log'
import { useState } from 'react'
import { Link } from 'react-router'
import { LogFields } from './log-fields.tsx'
import { ServiceMark } from './service-mark.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The newest log lines, which stand still while one of them is open; a button then shows what came meanwhile. */
export function LogLines({ lines }: { lines: LogLine[] }) {
  const { t, count } = useSignalsLanguage()
  const [open, setOpen] = useState<number[]>([])
  const [held, setHeld] = useState<LogLine[] | null>(null)
  const shown = held ?? lines
  const newer = held ? lines.filter(({ sequence }) => sequence > (held[0]?.sequence ?? 0)).length : 0

  const toggle = (sequence: number) => {
    const next = open.includes(sequence) ? open.filter((one) => one !== sequence) : [...open, sequence]
    setOpen(next)
    setHeld(next.length > 0 ? shown : null)
  }
  return (
    <div className="log-list">
      <div className="newer-lines">
        {held && newer > 0 && (
          <button type="button" onClick={() => setHeld(lines)}>
            {t.logsView.newer(newer === lines.length ? `${count(newer)}+` : count(newer))}
          </button>
        )}
      </div>
      <ol className="panel log-lines" aria-label={t.logsView.list}>
        {shown.map((line) => (
          <LogRow
            key={line.sequence}
            line={line}
            open={open.includes(line.sequence)}
            toggle={() => toggle(line.sequence)}
          />
        ))}
      </ol>
    </div>
  )
}

/** What tells one request line from the next, without opening it. */
function gist({ method, route, status, duration_ms }: LogLine['fields']): string {
  const parts = [method, route, status, duration_ms !== undefined && `${duration_ms} ms`]
  return parts.filter(Boolean).join(' ')
}

function LogRow({ line, open, toggle }: { line: LogLine; open: boolean; toggle: () => void }) {
  const { t, preciseClock } = useSignalsLanguage()
  return (
    <li data-level={line.level} data-open={open}>
      <div className="log-row">
        <button type="button" className="log-button" aria-expanded={open} onClick={toggle}>
          <span className="muted nowrap">{preciseClock(line.time)}</span>
          <span className="level" data-level={line.level}>
            {line.level}
          </span>
          <ServiceMark service={line.service} />
          <span className="log-text">
            {line.msg} <span className="muted">{gist(line.fields)}</span>
          </span>
        </button>
        {line.traceId && (
          <Link
            to={`/signals/traces/${line.traceId}${line.spanId ? `?open=${line.spanId}` : ''}`}
            aria-label={t.logsView.openTrace(line.traceId)}
          >
            {t.logsView.trace}
          </Link>
        )}
      </div>
      {open && <LogFields line={line} />}
    </li>
  )
}
