import type { Fault } from '@hello/shop/api/fault'
import { useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { isTransient } from '../../shared/api-error.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { FaultEvidence } from './fault-evidence.tsx'
import { FaultForm } from './fault-form.tsx'
import { FaultHints } from './fault-hints.tsx'
import { useHealFault } from './faults-api.ts'
import { Runbook } from './runbook.tsx'
import { useFaultMessages } from './use-fault-messages.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** One fault: what it does and to whom, whether it is on, and what leads to its cause. */
export function FaultCard({ fault }: { fault: Fault }) {
  const { t, language, percent } = useFaultMessages()
  const { time } = useSignalsLanguage()
  const heal = useHealFault()
  const [open, setOpen] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const done = useRef<HTMLParagraphElement>(null)
  const id = useId()
  const { name, services, does, breaks, fires, evidence, on } = fault

  /** The form or the button that was used goes, and the focus would be lost with it. */
  const announce = (text: string) => {
    flushSync(() => {
      setOpen(null)
      setSaid(text)
    })
    done.current?.focus()
  }
  const parts = [
    { key: 'set', label: t.set, named: t.setName(name), content: <FaultForm fault={fault} announce={announce} /> },
    { key: 'hints', label: t.hints, named: t.hintsName(name), content: <FaultHints fault={fault} /> },
    ...(evidence.length > 0
      ? [
          {
            ...{ key: 'evidence', label: t.evidence, named: t.evidenceName(name) },
            content: <FaultEvidence fault={fault} />,
          },
        ]
      : []),
    ...fires.map((alert) => ({
      ...{ key: alert, label: t.runbook(alert), named: t.runbook(alert) },
      content: <Runbook name={alert} url={null} />,
    })),
  ]
  return (
    <li className="panel alert">
      <h3>
        {name}{' '}
        {on && (
          <span className="badge" data-tone="bad">
            {t.on}
          </span>
        )}
      </h3>
      <p ref={done} className="notice" data-kind="success" role="status" tabIndex={-1} hidden={said === ''}>
        {said}
      </p>
      <p>{does[language]}</p>
      <p className="alert-facts muted">
        {services.length > 0 && <span>{t.services(services.join(', '))}</span>}
        <span>{t.breaks[breaks]}</span>
        <span>{t.strength(percent(on?.ratio ?? fault.ratio))}</span>
        {on && <time dateTime={on.until}>{t.until(time(new Date(on.until)))}</time>}
      </p>
      <div className="alert-actions">
        {on && (
          <button
            type="button"
            aria-label={t.healName(name)}
            aria-disabled={heal.isPending}
            onClick={() => heal.isPending || heal.mutate(name, { onSuccess: () => announce(t.wasHealed(name)) })}
          >
            {t.heal}
          </button>
        )}
        {parts.map(({ key, label, named }) => (
          <button
            key={key}
            type="button"
            aria-expanded={open === key}
            aria-controls={`${id}-${key}`}
            aria-label={named}
            onClick={() => setOpen(open === key ? null : key)}
          >
            {label}
          </button>
        ))}
      </div>
      {heal.error && <ProblemNotice error={heal.error} {...(isTransient(heal.error) && { hint: t.unknown })} />}
      {parts.map(
        ({ key, content }) =>
          open === key && (
            <div key={key} className="alert-more" id={`${id}-${key}`}>
              {content}
            </div>
          ),
      )}
    </li>
  )
}
