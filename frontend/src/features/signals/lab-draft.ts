import type { LabAnswer } from '@hello/shop/api/lab'
import { useState } from 'react'

const key = 'lab-draft'
const empty: LabAnswer = { component: '', mechanism: '', evidence: '' }

function readDraft(lab: number): LabAnswer {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    return kept.lab === lab ? { ...empty, ...kept.draft } : empty
  } catch {
    return empty
  }
}

/**
 * What is entered so far, kept in this tab while the learner looks at the signals.
 *
 * @param lab tells one run of a lab from every other
 */
export function useDraft(lab: number) {
  const [draft, setDraft] = useState(() => readDraft(lab))
  const change = (part: Partial<LabAnswer>) => {
    const next = { ...draft, ...part }
    setDraft(next)
    try {
      sessionStorage.setItem(key, JSON.stringify({ lab, draft: next }))
    } catch {
      // A browser that forbids storage keeps it while the view is open.
    }
  }
  return { draft, change }
}
