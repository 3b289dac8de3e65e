import type { LabGrade as Grade } from '@hello/shop/api/lab'
import { useLabMessages } from './use-lab-messages.ts'

const parts = ['component', 'mechanism', 'evidence'] as const

/** What of an answer is right, and what its evidence lacks. */
export function LabGrade({ grade }: { grade: Grade }) {
  const { t, language } = useLabMessages()
  return (
    <section className="panel lab-panel" role="status">
      <h3>{t.graded}</h3>
      <ul className="lab-parts">
        {parts.map((part) => (
          <li key={part}>
            <span>{t.parts[part]}</span>{' '}
            <span className="badge" data-tone={grade[part] ? 'good' : 'bad'}>
              <span aria-hidden="true">{grade[part] ? '✔ ' : '✖ '}</span>
              {grade[part] ? t.right : t.wrong}
            </span>
          </li>
        ))}
      </ul>
      {grade.why && <p>{grade.why[language]}</p>}
      {grade.missing !== undefined && <p>{t.another}</p>}
    </section>
  )
}
