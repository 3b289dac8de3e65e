import assert from 'node:assert/strict'
import { eventually } from '@hello/test-support/eventually'
import { type Backends, resultsOf } from '../lib/panel-results.ts'
import type { DocumentQuery } from './document-queries.ts'
import { emptyWhenWell } from './filled-by.ts'

/** As long as a rule's longest wait, and as slow as two cores are; hundreds of queries wait at once. */
export const patience = { seconds: 600, everyMs: 2000 }

type Query = Parameters<typeof resultsOf>[0]

/** Waits until a query has an answer. */
export const hasData = (query: Query, backends: Backends) =>
  eventually(async () => assert.ok((await resultsOf(query, backends)).length > 0, `no data: ${query.query}`), patience)

/** Runs a query of a page, which has the answer that the page says. */
export async function answersAsSaid(query: DocumentQuery, backends: Backends) {
  if (query.findsNothing) assert.deepEqual(await resultsOf(query, backends), [])
  else if (emptyWhenWell(query)) await resultsOf(query, backends)
  else await hasData(query, backends)
}
