import type { Fault } from '@hello/shop/api/fault'
import { useState } from 'react'
import { useFaultMessages } from './use-fault-messages.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The hints of a fault, from vague to exact, opened one by one, and the cure at last. */
export function FaultHints({ fault: { hints, cure } }: { fault: Fault }) {
  const { t, language } = useFaultMessages()
  const { count } = useSignalsLanguage()
  const [opened, setOpened] = useState(0)
  const texts = [...hints.map((hint) => hint[language]), t.cure(cure[language])]
  const next =
    opened < hints.length ? t.hint(count(opened + 1), count(hints.length)) : opened < texts.length ? t.showCure : t.hide
  return (
    <div className="fault-hints">
      <ol aria-live="polite">
        {texts.slice(0, opened).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <button type="button" onClick={() => setOpened((opened + 1) % (texts.length + 1))}>
        {next}
      </button>
    </div>
  )
}
