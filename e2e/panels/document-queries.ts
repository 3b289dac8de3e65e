import { globSync } from 'node:fs'
import type { PanelQuery } from '@hello/monitoring/panel-queries'
import { type CodeBlock, codeBlocks, root } from '../../docs/test/code-blocks.ts'

/** A query that a page tells its reader to ask. */
export interface DocumentQuery extends Pick<PanelQuery, 'datasource' | 'kind' | 'query'> {
  page: string
  /** What has to be there before it has an answer, where the comment above it says so: `<!-- filled by: error -->`. */
  filledBy: string | undefined
  /** That it has no answer is what the page shows: `<!-- finds nothing: WHY -->`. */
  findsNothing: boolean
}

const languages: Record<string, Pick<DocumentQuery, 'datasource' | 'kind'>> = {
  promql: { datasource: 'prometheus', kind: 'instant' },
  logql: { datasource: 'loki', kind: 'range' },
  jaeger: { datasource: 'jaeger', kind: 'search' },
}

/** Each line of a block is a query of its own. */
const queriesOf = ({ page, language, text, above = '' }: CodeBlock): DocumentQuery[] =>
  text.split('\n').map((query) => ({
    ...languages[language]!,
    page,
    query: query.trim(),
    filledBy: /^<!-- filled by: (.+) -->$/.exec(above.trim())?.[1],
    findsNothing: /^<!-- finds nothing: .+ -->$/.test(above.trim()),
  }))

const queriesIn = (folder: string) =>
  globSync(`docs/en/${folder}/*.md`, { cwd: root })
    .sort()
    .flatMap(codeBlocks)
    .filter(({ language }) => language in languages)
    .flatMap(queriesOf)

/** Every query of every runbook. */
export const runbookQueries = (): DocumentQuery[] => queriesIn('runbooks')

/** Every query of every page for learners. */
export const learnQueries = (): DocumentQuery[] => queriesIn('learn')
