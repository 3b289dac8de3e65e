import type { Lab } from '@hello/shop/api/lab'
import { useEffect, useRef } from 'react'
import { LabText } from './lab-text.tsx'
import { minutesAndSeconds } from './lab-timer.tsx'
import { useLabMessages } from './use-lab-messages.ts'

type Props = {
  lab: Lab
  end: NonNullable<Lab['end']>
  /** Whether its program still runs, which mends the shop. */
  running: boolean
}

/** How a lab ended, and what an expert would have looked at. */
export function LabEnd({ lab: { points, brokenAt }, end, running }: Props) {
  const { t, language, count } = useLabMessages()
  const outcome = useRef<HTMLParagraphElement>(null)
  // The form that was used is gone, and the focus would be lost with it.
  useEffect(() => outcome.current?.focus(), [])
  return (
    <>
      <p ref={outcome} className="notice" data-kind={end.solved ? 'success' : 'pending'} role="status" tabIndex={-1}>
        {end.solved ? t.solved(minutesAndSeconds(end.at - brokenAt), count(points)) : t.notSolved}{' '}
        {running ? t.mending : t.mended}
      </p>
      <section className="panel lab-panel">
        <h3>{t.expert}</h3>
        <LabText text={end.solution[language]} />
      </section>
      {end.next !== null && (
        <p>
          {t.next} <code className="command">make lab N={end.next}</code>
        </p>
      )}
    </>
  )
}
