import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { ownNames } from '@hello/monitoring/names'
import { type PanelQuery, panelQueries } from '@hello/monitoring/panel-queries'
import { eventually } from '@hello/test-support/eventually'
import { resultsOf } from '../lib/panel-results.ts'
import { shopClient } from '../lib/shop-client.ts'
import { runbookQueries } from '../panels/document-queries.ts'
import { clusterStates, emptyWhenWell, stateOf } from '../panels/filled-by.ts'
import { frontend, gateway, jaeger, kubectl, loki, prometheus, services, stack } from './shop-cluster.ts'
import { startTraffic } from './traffic.ts'

const { stockProduct } = shopClient(gateway)

/** Only after something went wrong, or while something else runs, has such a panel anything to show; that its query runs is still checked. */
const mayBeEmpty = new Set<PanelQuery['filledBy']>(['error', 'alert', 'fault', 'healer', 'loadTest', 'browser'])
if (stack === 'classic') mayBeEmpty.add('collector')

const backends = { prometheus, loki, jaeger }
const queries = panelQueries(ownNames)

before(async () => {
  const traffic = startTraffic({ rate: 10, productId: (await stockProduct(1000)).id })
  for (let page = 0; page < 5; page++) await fetch(`${frontend}/api/products`)
  await kubectl('rollout', 'restart', 'deployment/gateway') // marked on every dashboard
  await new Promise((resolve) => setTimeout(resolve, 20_000)) // more than one scrape
  await traffic.stop()
})

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

describe('Runbooks', { concurrency: true }, () => {
  for (const query of runbookQueries().filter((one) => clusterStates.has(stateOf(one))))
    test(`${query.page}: ${query.query}`, () =>
      eventually(async () => {
        const results = await resultsOf(query, backends)
        if (!emptyWhenWell(query)) assert.ok(results.length > 0, 'no data')
      }))
})

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
