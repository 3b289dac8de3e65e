import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { keepFault } from '@hello/faults/flag-store'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { ownNames } from '@hello/monitoring/names'
import { type PanelQuery, panelQueries } from '@hello/monitoring/panel-queries'
import { startTied } from '@hello/processes/tied-process'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import type { Backends } from '../lib/panel-results.ts'
import { answersAsSaid, hasData, patience } from './answers.ts'
import { learnQueries, runbookQueries } from './document-queries.ts'
import { clusterStates, faultOf, healerStates, outageStates, stateOf } from './filled-by.ts'
import { holdLock } from './held-lock.ts'
import { testLinks } from './links.ts'
import { pagesAt, testOutage } from './outage.ts'
import { missingPrograms } from './programs.ts'
import { startVisitors } from './visitors.ts'

const root = join(import.meta.dirname, '../..')
const skip = missingPrograms('node_exporter', 'k6')

let shop: Shop
let backends: Backends
let alertmanager: string
/** Shown by the panels and the marks of faults; it hurts nobody, so no alert follows from it. */
const shownFault = allFaults.find(({ name }) => name === 'red-herring')!
const ended = new AbortController()
let fault: ReturnType<typeof keepFault>
let lock: Awaited<ReturnType<typeof holdLock>>
let visitors: Awaited<ReturnType<typeof startVisitors>>

before(async () => {
  if (skip) return
  shop = await startShop({ signals: true, stack: true, durable: false, env: { RATE_LIMIT_PER_SECOND: '100' } })
  await shop.ready()
  const { prometheus, loki, jaeger } = shop.stackUrls as Required<Shop['stackUrls']>
  backends = { prometheus, loki, jaeger }
  alertmanager = shop.stackUrls.alertmanager!
  lock = await holdLock(shop.databaseUrl('order'))
  fault = keepFault(shop.faults, shownFault, { forMs: 3_600_000, signal: ended.signal })
  const k6 = await startTied({
    command: 'k6',
    args: ['run', '--quiet', '--no-usage-report', '--out', 'experimental-prometheus-rw', 'k6/smoke.ts'],
    cwd: root,
    env: {
      ...process.env,
      GATEWAY_URL: shop.urls.gateway,
      K6_PROMETHEUS_RW_SERVER_URL: `${prometheus}/api/v1/write`,
      K6_PROMETHEUS_RW_TREND_STATS: 'p(99),p(95),avg',
      TIME_SCALE: '0.5',
    },
    stopSignals: ['SIGKILL'],
    stopTimeout: 5000,
    output: () => {},
  })
  const { code } = await k6.exited
  // 99: a slow machine has missed a threshold.
  assert.ok(code === 0 || code === 99, `k6 ended with ${code}`)
  // After it, for their rushes leave an address no request that the limit lets through.
  visitors = await startVisitors(shop.urls.gateway, { refused: true })
})

after(async () => {
  await visitors?.stop()
  ended.abort()
  await fault
  await lock?.release()
  await shop?.stop()
})

const shown = panelQueries(ownNames)
const asked = [...runbookQueries(), ...learnQueries().filter((query) => !faultOf(query))]

function testsOf(states: (state: PanelQuery['filledBy']) => boolean) {
  for (const query of shown.filter(({ filledBy }) => states(filledBy)))
    test(`${query.dashboard}: ${query.panel}, query ${query.refId}`, () => hasData(query, backends))
  for (const query of asked.filter((query) => states(stateOf(query))))
    test(`${query.page}: ${query.query}`, () => answersAsSaid(query, backends))
}

describe('a shop that is well and used fills', { skip, concurrency: true }, () => {
  testsOf((state) => !clusterStates.has(state) && !outageStates.has(state) && !healerStates.has(state))
})

describe('the stack', { skip }, () => {
  const query = async (expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> =>
    (await getJson(backends.prometheus, '/api/v1/query', { query: expression })).data.result

  test('scrapes every target, under the names and labels of the cluster', async () => {
    await eventually(async () => {
      const up = await query('up')
      assert.deepEqual(
        up.filter(({ value }) => value[1] !== '1').map(({ metric }) => metric),
        [],
      )
      const apps = up.flatMap(({ metric }) => metric.app ?? [])
      assert.deepEqual(apps.toSorted(), [...services.map(({ name }) => name), 'postgres'].toSorted())
    }, patience)
    const pools = await query('prometheus_target_scrape_pool_targets{scrape_job=~"serviceMonitor/shop/.+"} == 1')
    assert.equal(pools.length, services.length + 1)
  })

  test('evaluates every rule as shipped, and none fails', () =>
    eventually(async () => {
      const { groups } = (await getJson(backends.prometheus, '/api/v1/rules')).data
      const rules = groups.flatMap((group: { rules: { health: string }[] }) => group.rules)
      for (const { type, name } of rules) if (type === 'alerting') assert.match(name, /^Shop/) // as links.ts knows them
      assert.ok(rules.length > 100, `${rules.length} rules`)
      assert.deepEqual(
        rules.filter(({ health }: { health: string }) => health !== 'ok'),
        [],
      )
    }, patience))
})

describe('links lead', { skip }, () => testLinks(() => backends))

describe('a product service that is gone', { skip }, () => {
  const endProduct = () =>
    shop
      .processes()
      .find(({ service }) => service === 'product')!
      .stop()
  // A machine that has much else to do makes the shop slow, and a page says so; e2e/faults, which has it alone, holds that none is false.
  test('pages nobody before, unless for what is slow', async () =>
    assert.deepEqual(
      (await pagesAt(alertmanager)).filter(({ labels }) => labels.kind !== 'latency'),
      [],
    ))
  testOutage(() => ({ alertmanager, endProduct }))

  describe('fills', { concurrency: true }, () => testsOf((state) => outageStates.has(state)))
})
