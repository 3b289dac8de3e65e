import type { Fault } from '@hello/shop/api/fault'
import { type FormEvent, useId, useState } from 'react'
import { isTransient } from '../../shared/api-error.ts'
import { FormField } from '../../shared/form-field.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SegmentedControl } from '../../shared/segmented-control.tsx'
import { useSetFault } from './faults-api.ts'
import { useFaultMessages } from './use-fault-messages.ts'

const lengths = [60, 300, 600, 1800, 3600] as const
type Seconds = (typeof lengths)[number]

/** Asks how strong and for how long, and sets a fault. */
export function FaultForm({ fault, announce }: { fault: Fault; announce: (text: string) => void }) {
  const { t, percent } = useFaultMessages()
  const set = useSetFault()
  const [seconds, setSeconds] = useState<Seconds>(600)
  const [rule, setRule] = useState<string>()
  const id = useId()

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (set.isPending) return
    const field = event.currentTarget.elements.namedItem('strength') as HTMLInputElement
    const ratio = field.valueAsNumber / 100
    const valid = ratio > 0 && ratio <= 1
    setRule(valid ? undefined : t.strengthRule)
    if (!valid) return field.focus()
    set.mutate(
      { name: fault.name, ratio, seconds },
      { onSuccess: () => announce(t.wasSet(fault.name, percent(ratio), t.lengths[seconds])) },
    )
  }

  return (
    <form noValidate onSubmit={submit} className="silence-form">
      <FormField
        {...{ id: `${id}-strength`, name: 'strength', label: t.howStrong, rule, type: 'number', step: 'any' }}
        autoComplete="off"
        defaultValue={(fault.on?.ratio ?? fault.ratio) * 100}
      />
      <SegmentedControl
        legend={t.howLong}
        value={String(seconds)}
        onChange={(value) => setSeconds(Number(value) as Seconds)}
        options={lengths.map((value) => ({ value: String(value), label: t.lengths[value] }))}
      />
      {set.error && <ProblemNotice error={set.error} {...(isTransient(set.error) && { hint: t.unknown })} />}
      <button type="submit" className="primary" aria-disabled={set.isPending}>
        {set.isPending ? t.setting : t.setName(fault.name)}
      </button>
    </form>
  )
}
