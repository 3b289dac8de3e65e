import type { Lab } from '@hello/shop/api/lab'
import { useId } from 'react'
import { Link } from 'react-router'
import { isTransient } from '../../shared/api-error.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { useChangeLab } from './lab-api.ts'
import { LabForm } from './lab-form.tsx'
import { LabGrade } from './lab-grade.tsx'
import { LabText } from './lab-text.tsx'
import { useLabMessages } from './use-lab-messages.ts'

/** What is one line of text. */
const kinds = ['trace', 'log', 'promql', 'any']

/** What is asked, and what helps to answer it. */
export function LabTask({ lab }: { lab: Lab }) {
  const { t, language } = useLabMessages()
  const { well, situation, question, evidence, grade } = lab
  return (
    <div className="lab-columns">
      {well ? (
        <p className="notice" data-kind="success" role="status">
          {t.well}
        </p>
      ) : (
        <div className="panel lab-panel" role="status">
          <LabText text={situation[language]} />
          <LabText text={question[language]} />
        </div>
      )}
      <aside className="lab-side">
        <Signals lab={lab} />
        {!well && <Hints lab={lab} />}
      </aside>
      {!well &&
        (kinds.includes(evidence.kind) ? (
          <div className="lab-answer">
            {grade && <LabGrade grade={grade} />}
            <LabForm lab={lab} />
            <GiveUp />
          </div>
        ) : (
          <p className="notice">{t.inTerminal}</p>
        ))}
    </div>
  )
}

function Signals({ lab: { well, wellSince, brokenAt } }: { lab: Lab }) {
  const { t } = useLabMessages()
  const id = useId()
  const from = well ? wellSince : brokenAt
  return (
    <nav className="panel lab-panel" aria-labelledby={id}>
      <h3 id={id}>{t.look}</h3>
      <ul className="lab-links">
        <li>
          <Link to="/signals">{t.metrics}</Link>
        </li>
        <li>
          <Link to={`/signals/traces?from=${from}`}>{t.traces(well)}</Link>
        </li>
        <li>
          <Link to={`/signals/logs?from=${from}`}>{t.logs(well)}</Link>
        </li>
      </ul>
    </nav>
  )
}

function Hints({ lab: { hints, moreHints, costs } }: { lab: Lab }) {
  const { t, language, count } = useLabMessages()
  const change = useChangeLab()
  const blocked = !moreHints || change.isPending
  return (
    <section className="panel lab-panel">
      <h3>{t.hints}</h3>
      <ol className="lab-hints" aria-live="polite">
        {hints.map((hint) => (
          <li key={hint.en}>{hint[language]}</li>
        ))}
      </ol>
      <button
        type="button"
        aria-disabled={blocked}
        onClick={() => blocked || change.mutate({ hint: { number: hints.length + 1 } })}
      >
        {moreHints ? t.nextHint(count(costs.hint)) : t.noMoreHints}
      </button>
      {change.error && <ProblemNotice error={change.error} mild={isTransient(change.error)} />}
    </section>
  )
}

function GiveUp() {
  const { t } = useLabMessages()
  const change = useChangeLab()
  return (
    <details className="lab-give-up">
      <summary>{t.giveUp}</summary>
      <p className="muted">{t.giveUpLead}</p>
      <button
        type="button"
        aria-disabled={change.isPending}
        onClick={() => change.isPending || change.mutate({ giveUp: true })}
      >
        {t.showSolution}
      </button>
      {change.error && <ProblemNotice error={change.error} />}
    </details>
  )
}
