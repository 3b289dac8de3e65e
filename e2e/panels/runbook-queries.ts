import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const runbooks = join(import.meta.dirname, '../../docs/en/runbooks')

export interface RunbookQuery {
  alert: string
  datasource: 'prometheus' | 'loki'
  kind: 'instant'
  query: string
}

/** Each line of a block is a query of its own. */
function queriesIn(alert: string): RunbookQuery[] {
  const text = readFileSync(join(runbooks, `${alert}.md`), 'utf8')
  return [...text.matchAll(/```(promql|logql)\n([\s\S]*?)```/g)].flatMap(([, language, block]) =>
    block!
      .trim()
      .split('\n')
      .map((line) => ({
        alert,
        datasource: language === 'logql' ? ('loki' as const) : ('prometheus' as const),
        kind: 'instant' as const,
        query: line.trim(),
      })),
  )
}

/** Every query of every runbook. */
export const runbookQueries = (): RunbookQuery[] =>
  readdirSync(runbooks).flatMap((file) => queriesIn(file.replace(/\.md$/, '')))
