import type { Lab } from '@hello/shop/api/lab'
import { type FormEvent, useId, useState } from 'react'
import { isTransient } from '../../shared/api-error.ts'
import { FormField } from '../../shared/form-field.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { useChangeLab } from './lab-api.ts'
import { useDraft } from './lab-draft.ts'
import { useLabMessages } from './use-lab-messages.ts'

type Part = 'component' | 'mechanism' | 'evidence'

/** Takes where the cause is, what it is, and what shows it. */
export function LabForm({ lab }: { lab: Lab }) {
  const { t, language, count } = useLabMessages()
  const { draft, change } = useDraft(lab.wellSince)
  const answering = useChangeLab()
  const [rules, setRules] = useState<Partial<Record<Part, string>>>({})
  const id = useId()

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (answering.isPending) return
    const evidence = draft.evidence.trim()
    const broken: typeof rules = {
      ...(!draft.component && { component: t.chooseRule }),
      ...(!draft.mechanism && { mechanism: t.chooseRule }),
      // Where nothing may be broken, there may be nothing to hand in.
      ...(!evidence && lab.evidence.kind !== 'any' && { evidence: t.evidenceRule }),
    }
    setRules(broken)
    const [first] = Object.keys(broken)
    if (first) return (event.currentTarget.elements.namedItem(first) as HTMLElement).focus()
    answering.mutate({ answer: { ...draft, evidence } })
  }
  const choices = [
    { name: 'component', label: t.where, options: lab.components },
    { name: 'mechanism', label: t.what, options: lab.mechanisms },
  ] as const
  return (
    <form noValidate onSubmit={submit} className="panel lab-panel">
      <h3>{t.answer}</h3>
      {choices.map(({ name, label, options }) => (
        <div key={name} className="field">
          <label htmlFor={`${id}-${name}`}>{label}</label>
          <select
            {...{ name, id: `${id}-${name}`, value: draft[name] }}
            onChange={(event) => change({ [name]: event.target.value })}
            aria-invalid={rules[name] !== undefined}
            aria-describedby={`${id}-${name}-rule`}
          >
            <option value="">{t.choose}</option>
            {options.map((option) => (
              <option key={option.name} value={option.name}>
                {option.text[language]}
              </option>
            ))}
          </select>
          <p id={`${id}-${name}-rule`} className="field-rule" role="alert">
            {rules[name]}
          </p>
        </div>
      ))}
      <FormField
        {...{ id: `${id}-evidence`, name: 'evidence', label: t.evidence(lab.evidence.asks[language]) }}
        {...{ rule: rules.evidence, value: draft.evidence, maxLength: 1000, autoComplete: 'off', spellCheck: false }}
        onChange={(event) => change({ evidence: event.target.value })}
      />
      <p className="muted">{t.cost(count(lab.costs.wrong))}</p>
      {answering.error && <ProblemNotice error={answering.error} mild={isTransient(answering.error)} />}
      <button type="submit" className="primary" aria-disabled={answering.isPending}>
        {answering.isPending ? t.grading : t.submit}
      </button>
    </form>
  )
}
