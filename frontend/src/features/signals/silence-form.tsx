import type { Alert, NewSilence } from '@hello/shop/api/alert'
import { type FormEvent, useId, useState } from 'react'
import { isTransient } from '../../shared/api-error.ts'
import { FormField } from '../../shared/form-field.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SegmentedControl } from '../../shared/segmented-control.tsx'
import { useSilence } from './alerts-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

type Minutes = NewSilence['minutes']
const lengths: Minutes[] = [15, 60, 240, 1440]
type Field = 'createdBy' | 'comment'

/** Asks for how long, who and why, and silences one alert. */
export function SilenceForm({ alert, announce }: { alert: Alert; announce: (text: string) => void }) {
  const { t } = useSignalsLanguage()
  const silence = useSilence()
  const [minutes, setMinutes] = useState<Minutes>(60)
  const [rules, setRules] = useState<Partial<Record<Field, string>>>({})
  const id = useId()

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (silence.isPending) return
    const form = event.currentTarget
    const entered = new FormData(form)
    const createdBy = String(entered.get('createdBy')).trim()
    const comment = String(entered.get('comment')).trim()
    const broken: typeof rules = {
      ...((createdBy.length < 1 || createdBy.length > 100) && { createdBy: t.silence.nameRule }),
      ...((comment.length < 1 || comment.length > 500) && { comment: t.silence.commentRule }),
    }
    setRules(broken)
    const [first] = Object.keys(broken)
    if (first) return (form.elements.namedItem(first) as HTMLInputElement).focus()
    silence.mutate(
      { alert: alert.id, minutes, createdBy, comment },
      { onSuccess: () => announce(t.silence.silenced(alert.name, t.silence.lengths[minutes])) },
    )
  }

  const field = (key: Field, label: string, autoComplete: string) => (
    <FormField id={`${id}-${key}`} name={key} label={label} rule={rules[key]} autoComplete={autoComplete} />
  )

  return (
    <form noValidate onSubmit={submit} className="silence-form">
      <p className="muted">{t.silence.rule}</p>
      <SegmentedControl
        legend={t.silence.howLong}
        value={String(minutes)}
        onChange={(value) => setMinutes(Number(value) as Minutes)}
        options={lengths.map((value) => ({ value: String(value), label: t.silence.lengths[value] }))}
      />
      {field('createdBy', t.silence.name, 'name')}
      {field('comment', t.silence.comment, 'off')}
      {silence.error && (
        <ProblemNotice error={silence.error} {...(isTransient(silence.error) && { hint: t.silence.unknown })} />
      )}
      <button type="submit" className="primary" aria-disabled={silence.isPending}>
        {silence.isPending ? t.silence.silencing : t.silence.silence}
      </button>
    </form>
  )
}
