import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ownNames } from '@hello/monitoring/names'
import { type PanelQuery, panelQueries } from '@hello/monitoring/panel-queries'
import { eventually } from '@hello/test-support/eventually'
import { resultsOf } from '../lib/panel-results.ts'
import { answersAsSaid } from '../panels/answers.ts'
import { learnQueries, runbookQueries } from '../panels/document-queries.ts'
import { faultOf, stateOf } from '../panels/filled-by.ts'
import { testLinks } from '../panels/links.ts'
import { startVisitors } from '../panels/visitors.ts'
import { frontend, gateway, jaeger, kubectl, loki, prometheus, services, stack } from './shop-cluster.ts'

/** Only after something went wrong, or while something else runs, has such a panel anything to show; that its query runs is still checked. */
const mayBeEmpty = new Set<PanelQuery['filledBy']>(['error', 'alert', 'fault', 'healer', 'loadTest', 'browser'])
if (stack === 'classic') mayBeEmpty.add('collector')

/** What e2e/panels brings about on a shop that it has to itself; here it is held only that such a query of a page runs. */
const notHere: [pattern: RegExp, what: string][] = [
  [/="429"/, 'somebody who asks for more than one address may'],
  [/wait_event_type="Lock"/, 'a lock that is waited for'],
  [/pg_stat_checkpointer_/, 'PostgreSQL 17 or later, which not every image has that a cluster is tried with'],
]

const backends = { prometheus, loki, jaeger }
const queries = panelQueries(ownNames)

let visitors: Awaited<ReturnType<typeof startVisitors>>
before(async () => {
  visitors = await startVisitors(gateway, { refused: true })
  for (let page = 0; page < 5; page++) await fetch(`${frontend}/api/products`)
  await kubectl('rollout', 'restart', 'deployment/gateway') // marked on every dashboard
})
after(() => visitors.stop())

// All of a dashboard at once, so that one that stays empty costs the time of no other.
for (const title of new Set(queries.map(({ dashboard }) => dashboard)))
  describe(title, { concurrency: true }, () => {
    for (const query of queries.filter(({ dashboard }) => dashboard === title))
      test(`${query.panel}, query ${query.refId}`, () =>
        eventually(async () => {
          const results = await resultsOf(query, backends)
          if (!mayBeEmpty.has(query.filledBy)) assert.ok(results.length > 0, 'no data')
        }))
  })

describe('Runbooks and pages for learners', { concurrency: true }, () => {
  const asked = [...runbookQueries(), ...learnQueries().filter((query) => !faultOf(query))]
  for (const query of asked)
    test(`${query.page}: ${query.query}`, async () => {
      // Faults break the shop meanwhile, so that what finds nothing in one that is well may find something.
      const isOpen = query.findsNothing || mayBeEmpty.has(stateOf(query))
      if (isOpen || notHere.some(([pattern]) => pattern.test(query.query)))
        await eventually(() => resultsOf(query, backends))
      else await answersAsSaid(query, backends)
    })
})

describe('links lead', () => testLinks(() => backends))

test('the panels show every service', () =>
  eventually(async () => {
    for (const [title, label] of [
      ['Service Request Rate', 'app'],
      ['Memory', 'container'],
      ['Memory of its limit', 'container'],
    ] as const) {
      const query = queries.find(({ panel }) => panel === title)!
      const results = (await resultsOf(query, backends)) as { metric: Record<string, string> }[]
      const shown = results.map(({ metric }) => metric[label])
      for (const service of services) assert.ok(shown.includes(service), `${title} shows ${shown.join(', ')}`)
    }
  }))
