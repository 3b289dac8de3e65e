import type { InputHTMLAttributes } from 'react'

type Props = InputHTMLAttributes<HTMLInputElement> & {
  id: string
  name: string
  label: string
  /** The rule that what was entered breaks; undefined while it breaks none. */
  rule: string | undefined
}

/** A labelled input that tells, also to a screen reader, which rule was broken. */
export function FormField({ id, label, rule, ...input }: Props) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} aria-invalid={rule !== undefined} aria-describedby={`${id}-rule`} />
      <p id={`${id}-rule`} className="field-rule" role="alert">
        {rule}
      </p>
    </div>
  )
}
