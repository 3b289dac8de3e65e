import { useId } from 'react'
import { SelectField } from './filters.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const ranges = ['1', '5', '15', '60']
const MINUTE_MS = 60_000

export type Range = { minutes: string | null; from: string | null; to: string | null }

/** The time as `datetime-local` writes it. @param milliseconds since the epoch */
const localTime = (milliseconds: number) => {
  const at = new Date(milliseconds)
  return new Date(milliseconds - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19)
}

type Props = { value: Range; onChange: (range: { minutes: string; from: string; to: string }) => void }

/** All times, the last minutes, or from one moment to another. */
export function TimeRange({ value, onChange }: Props) {
  const { t, count } = useSignalsLanguage()
  const { minutes, from, to } = value
  const between = from !== null || to !== null
  const choose = (choice: string) => {
    const now = Date.now()
    if (choice !== 'between') onChange({ minutes: choice, from: '', to: '' })
    else onChange({ minutes: '', from: String(now - 15 * MINUTE_MS), to: String(now) })
  }
  return (
    <>
      <SelectField label={t.range} value={between ? 'between' : minutes} onChange={choose}>
        <option value="">{t.timeRange.always}</option>
        {ranges.map((range) => (
          <option key={range} value={range}>
            {t.timeRange.last(t.minutes(count(Number(range))))}
          </option>
        ))}
        <option value="between">{t.timeRange.between}</option>
      </SelectField>
      {between && (
        <>
          <Moment
            label={t.timeRange.from}
            value={from}
            onChange={(moment) => onChange({ minutes: '', from: moment, to: to ?? '' })}
          />
          <Moment
            label={t.timeRange.to}
            value={to}
            onChange={(moment) => onChange({ minutes: '', from: from ?? '', to: moment })}
          />
        </>
      )}
    </>
  )
}

type MomentProps = { label: string; value: string | null; onChange: (milliseconds: string) => void }

function Moment({ label, value, onChange }: MomentProps) {
  const id = useId()
  return (
    <div className="field moment">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        step={1}
        value={value === null ? '' : localTime(Number(value))}
        onChange={({ target }) => onChange(target.value && String(new Date(target.value).getTime()))}
      />
    </div>
  )
}
