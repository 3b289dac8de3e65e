import { lazy, Suspense } from 'react'

// Loaded with the first text that is shown.
const RunbookText = lazy(() => import('./runbook-text.tsx'))

/** What a lab says, as Markdown. */
export function LabText({ text }: { text: string }) {
  return (
    <Suspense>
      <RunbookText text={text} isRunbook={() => false} open={() => {}} />
    </Suspense>
  )
}
