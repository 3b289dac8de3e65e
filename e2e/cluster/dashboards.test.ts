import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Panel } from '@hello/monitoring/grafana'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { shopClient } from '../lib/shop-client.ts'
import { frontend, gateway, jaeger, loki, prometheus, services } from './shop-cluster.ts'
import { startTraffic } from './traffic.ts'

const { stockProduct } = shopClient(gateway)

const generated = join(import.meta.dirname, '../../charts/observability/generated/dashboards')

/** What Grafana puts in the place of its variables, with every choice on "All". */
const variables: Record<string, string> = {
  $__rate_interval: '1m',
  $__auto: '1m',
  $__range: '30m',
  $service: '.+',
  $traces: 'gateway',
}

const fill = (expression: string): string =>
  Object.entries(variables).reduce((text, [name, value]) => text.replaceAll(name, value), expression)

/** Only after an error has such a panel something to show; that its query runs is still checked. */
const mayBeEmpty = new Set(['Error Logs'])

const range = () => ({ start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000), step: '15' })

async function resultsOf({ uid }: { uid: string }, target: Panel['targets'][number]): Promise<unknown[]> {
  if (uid === 'jaeger')
    return (
      await getJson(jaeger, '/api/traces', { service: fill(String(target.service)), limit: '20', lookback: '1h' })
    ).data
  const query = fill(target.expr!)
  assert.doesNotMatch(query, /\$/, 'a variable that this test does not know')
  if (uid === 'loki') return (await getJson(loki, '/loki/api/v1/query_range', { query, ...range() })).data.result
  if (target.instant) return (await getJson(prometheus, '/api/v1/query', { query })).data.result
  return (await getJson(prometheus, '/api/v1/query_range', { query, ...range() })).data.result
}

before(async () => {
  const traffic = startTraffic({ rate: 10, productId: (await stockProduct(1000)).id })
  for (let page = 0; page < 5; page++) await fetch(`${frontend}/api/products`)
  await new Promise((resolve) => setTimeout(resolve, 20_000)) // more than one scrape
  await traffic.stop()
})

for (const file of globSync('*.json', { cwd: generated })) {
  const { title, panels } = JSON.parse(readFileSync(join(generated, file), 'utf8')) as {
    title: string
    panels: Panel[]
  }
  describe(title, () => {
    for (const panel of panels.filter(({ type }) => type !== 'row'))
      for (const target of panel.targets)
        test(`${panel.title}, query ${target.refId}`, () =>
          eventually(async () => {
            const results = await resultsOf(panel.datasource, target)
            if (!mayBeEmpty.has(panel.title)) assert.ok(results.length > 0, 'no data')
          }))
  })
}

test('the panels show every service', () =>
  eventually(async () => {
    const { panels } = JSON.parse(readFileSync(join(generated, 'microservices.json'), 'utf8')) as { panels: Panel[] }
    for (const [title, label] of [
      ['Service Request Rate', 'app'],
      ['Memory', 'container'],
      ['Memory of its limit', 'container'],
    ] as const) {
      const panel = panels.find((candidate) => candidate.title === title)!
      const results = (await resultsOf(panel.datasource, panel.targets[0]!)) as { metric: Record<string, string> }[]
      const shown = results.map(({ metric }) => metric[label])
      for (const service of services) assert.ok(shown.includes(service), `${title} shows ${shown.join(', ')}`)
    }
  }))
