import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

// Loaded when the first runbook is opened, and only in the chosen language.
const RunbookText = lazy(() => import('./runbook-text.tsx'))
const load = {
  en: () => import('./runbooks-en.ts'),
  ko: () => import('./runbooks-ko.ts'),
}

type Props = {
  /** The alert's, and so the runbook's. */
  name: string
  /** Where the alert says that it is. */
  url: string | null
}

/** The runbook of an alert, from docs/en/runbooks or docs/ko/runbooks, and others that it refers to. */
export function Runbook({ name, url }: Props) {
  const { t, language } = useSignalsLanguage()
  const runbooks = useQuery({
    queryKey: ['runbooks', language],
    queryFn: async () => (await load[language]()).runbooks,
    staleTime: 'static',
  })
  const [shown, setShown] = useState(name)
  const text = runbooks.data?.get(shown)
  if (!runbooks.data) return <QueryProblem query={runbooks} />
  if (text === undefined)
    return (
      <p>
        {t.runbook.elsewhere} {url && <a href={url}>{t.runbook.open}</a>}
      </p>
    )
  return (
    <Suspense>
      {shown !== name && (
        <button type="button" className="link-button" onClick={() => setShown(name)}>
          {t.runbook.back(name)}
        </button>
      )}
      <RunbookText text={text} isRunbook={(other) => runbooks.data.has(other)} open={setShown} />
    </Suspense>
  )
}
