import type { LogLine } from '@hello/signals-api/log'
import { useQuery } from '@tanstack/react-query'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { SelectField, ServiceField, TextField, useFilters } from './filters.tsx'
import { useIsLabUnderWay } from './lab-api.ts'
import { useLive } from './live.tsx'
import { LogLines } from './log-lines.tsx'
import { listLogs } from './signals-api.ts'
import { TimeRange } from './time-range.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const filters = ['service', 'level', 'traceId', 'orderId', 'text', 'minutes', 'from', 'to'] as const
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] satisfies LogLine['level'][]

/** The log lines that match the filters, the newest first. */
export function LogsView() {
  const { t, count } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const { values, set, change, active, clear } = useFilters(filters)
  const logs = useQuery({ ...listLogs(values), refetchInterval })
  const hidesFaults = useIsLabUnderWay() !== false
  const { lines: found = [], matched: foundInAll = 0 } = logs.data ?? {}
  const lines = hidesFaults ? found.filter(({ fields }) => fields.fault === undefined) : found
  const matched = foundInAll - (found.length - lines.length)
  return (
    <>
      <search className="filters">
        <ServiceField value={values.service} onChange={(value) => set('service', value)} />
        <SelectField label={t.logsView.level} value={values.level} onChange={(value) => set('level', value)}>
          <option value="">{t.logsView.anyLevel}</option>
          {levels.map((level) => (
            <option key={level} value={level}>
              {t.logsView.andAbove(level)}
            </option>
          ))}
        </SelectField>
        <TextField label={t.text} value={values.text} onChange={(value) => set('text', value)} />
        <TextField label={t.orderId} value={values.orderId} onChange={(value) => set('orderId', value)} />
        <TextField label={t.logsView.traceId} value={values.traceId} onChange={(value) => set('traceId', value)} />
        <TimeRange value={values} onChange={change} />
      </search>
      <div className="found">
        <p className="muted" role="status">
          {logs.data && t.matched(count(lines.length), count(matched))}
        </p>
        {active && (
          <button type="button" className="link-button" onClick={clear}>
            {t.clear}
          </button>
        )}
      </div>
      <QueryProblem query={logs} />
      {logs.data && lines.length === 0 && (
        <div className="empty">
          <p>{t.logsView.empty}</p>
          <p>{t.logsView.emptyHint}</p>
        </div>
      )}
      {lines.length > 0 && <LogLines key={JSON.stringify(values)} lines={lines} />}
    </>
  )
}
