import { SegmentedControl } from '../../shared/segmented-control.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const ranges = [1, 5, 15]

/** How far to look back: the shop's metrics are kept for 15 minutes. */
export function RangeControl({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const { t, count } = useSignalsLanguage()
  return (
    <SegmentedControl
      legend={t.range}
      value={String(minutes)}
      onChange={(value) => onChange(Number(value))}
      options={ranges.map((range) => ({ value: String(range), label: t.minutes(count(range)) }))}
    />
  )
}
