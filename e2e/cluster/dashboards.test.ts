import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { ownNames } from '@hello/monitoring/names'
import { type PanelQuery, panelQueries } from '@hello/monitoring/panel-queries'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { shopClient } from '../lib/shop-client.ts'
import { frontend, gateway, jaeger, loki, prometheus, services } from './shop-cluster.ts'
import { startTraffic } from './traffic.ts'

const { stockProduct } = shopClient(gateway)

/** Only after something went wrong, or while something else runs, has such a panel anything to show; that its query runs is still checked. */
const mayBeEmpty = new Set<PanelQuery['filledBy']>(['error', 'alert', 'loadTest'])

const range = () => ({ start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000), step: '15' })

async function resultsOf({ datasource, kind, query }: PanelQuery): Promise<unknown[]> {
  if (datasource === 'jaeger')
    return (await getJson(jaeger, '/api/traces', { service: query, limit: '20', lookback: '1h' })).data
  const [at, path] = datasource === 'loki' ? [loki, '/loki/api/v1'] : [prometheus, '/api/v1']
  if (kind === 'instant') return (await getJson(at, `${path}/query`, { query })).data.result
  return (await getJson(at, `${path}/query_range`, { query, ...range() })).data.result
}

const queries = panelQueries(ownNames)

before(async () => {
  const traffic = startTraffic({ rate: 10, productId: (await stockProduct(1000)).id })
  for (let page = 0; page < 5; page++) await fetch(`${frontend}/api/products`)
  await new Promise((resolve) => setTimeout(resolve, 20_000)) // more than one scrape
  await traffic.stop()
})

for (const title of new Set(queries.map(({ dashboard }) => dashboard)))
  describe(title, () => {
    for (const query of queries.filter(({ dashboard }) => dashboard === title))
      test(`${query.panel}, query ${query.refId}`, () =>
        eventually(async () => {
          const results = await resultsOf(query)
          if (!mayBeEmpty.has(query.filledBy)) assert.ok(results.length > 0, 'no data')
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
      const results = (await resultsOf(query)) as { metric: Record<string, string> }[]
      const shown = results.map(({ metric }) => metric[label])
      for (const service of services) assert.ok(shown.includes(service), `${title} shows ${shown.join(', ')}`)
    }
  }))
