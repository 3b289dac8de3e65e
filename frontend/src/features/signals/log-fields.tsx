import type { LogLine } from '@hello/signals-api/log'
import { ServiceMark } from './service-mark.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))

/** A log line in full. A stack keeps its line breaks. */
export function LogFields({ line }: { line: LogLine }) {
  const { preciseClock } = useSignalsLanguage()
  const { err, ...fields } = line.fields
  const stack = (err as { stack?: unknown } | undefined)?.stack
  return (
    <div className="row-details">
      <p className="log-message">
        <ServiceMark service={line.service} /> <span className="muted">{preciseClock(line.time)}</span> {line.msg}
      </p>
      <dl className="attributes">
        {Object.entries({ ...fields, ...(err !== undefined && !stack && { err }) }).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{written(value)}</dd>
          </div>
        ))}
      </dl>
      {typeof stack === 'string' && <pre>{stack}</pre>}
    </div>
  )
}
