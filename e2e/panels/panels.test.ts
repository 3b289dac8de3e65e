import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { keepFault } from '@hello/faults/flag-store'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { allDashboards } from '@hello/monitoring/all-dashboards'
import { filled, ownNames } from '@hello/monitoring/names'
import { type PanelQuery, panelQueries } from '@hello/monitoring/panel-queries'
import { startTied } from '@hello/processes/tied-process'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { type Backends, resultsOf } from '../lib/panel-results.ts'
import { answersAsSaid, hasData, patience } from './answers.ts'
import { learnQueries, runbookQueries } from './document-queries.ts'
import { clusterStates, faultOf, healerStates, namesAnEvent, outageStates, stateOf } from './filled-by.ts'
import { holdLock } from './held-lock.ts'
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

/** What Grafana would put in the place of a link's variables. */
const values: Record<string, string> = { namespace: 'shop', 'service:regex': 'order', app: 'order' }

const chosen = (text: string) =>
  text.replaceAll(/\$\{([\w.:]+)\}/g, (_, name: string) => values[name] ?? values[name.split('.').at(-1)!] ?? 'order')

/** The panes of an address of Grafana's Explore. */
function paneOf(url: string): Record<string, unknown> {
  const panes = new URL(url, 'http://grafana').searchParams.get('panes')!
  return JSON.parse(panes)
}

const pages = async (): Promise<{ labels: Record<string, string>; annotations: Record<string, string> }[]> =>
  getJson(alertmanager, '/api/v2/alerts', {
    active: 'true',
    inhibited: 'false',
    silenced: 'false',
    filter: 'severity="critical"',
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
      assert.ok(rules.length > 100, `${rules.length} rules`)
      assert.deepEqual(
        rules.filter(({ health }: { health: string }) => health !== 'ok'),
        [],
      )
    }, patience))
})

describe('links lead', { skip }, () => {
  test('from an exemplar to its trace, to its log lines, and back', async () => {
    const traceId = await eventually(async () => {
      const { data } = await getJson(backends.prometheus, '/api/v1/query_exemplars', {
        query: 'http_server_request_duration_seconds_bucket{app="order"}',
        start: String(Date.now() / 1000 - 600),
        end: String(Date.now() / 1000),
      })
      return data[0]?.exemplars.at(-1)?.labels.trace_id ?? false
    }, patience)
    await eventually(async () => {
      const { data } = await getJson(backends.jaeger, `/api/traces/${traceId}`)
      const processes: { serviceName: string; tags: { key: string; value: string }[] }[] = Object.values(
        data[0].processes,
      )
      assert.ok(processes.length > 1, 'the trace has more than one service')
      for (const { serviceName, tags } of processes)
        assert.equal(tags.find(({ key }) => key === 'k8s.container.name')?.value, serviceName)
    }, patience)
    const lines = await eventually(async () => {
      // As the link from Jaeger asks (packages/monitoring/src/datasources.ts).
      const query = `{namespace="shop"} |= "${traceId}"`
      const { result } = (await getJson(backends.loki, '/loki/api/v1/query_range', { query })).data
      return result.length > 0 && result
    }, patience)
    // As the link from Loki finds the id.
    const found = /"trace_id":"(\w+)"/.exec(lines[0].values[0][1])
    assert.equal(found?.[1], traceId)
  })

  test('from every panel to log lines and traces that can be asked for', async () => {
    const links = allDashboards.flatMap(({ panels }) =>
      panels.flatMap((panel) => ('links' in panel ? panel.links : [])),
    )
    const explored = [...new Set(links.map(({ url }) => url))].filter((url) => url.startsWith('/explore'))
    assert.ok(explored.length > 0)
    for (const url of explored) {
      const [pane] = Object.values(paneOf(filled(url, ownNames))) as {
        queries: { datasource: { type: string }; expr: string; service: string }[]
      }[]
      const { datasource, expr, service } = pane!.queries[0]!
      const found = await resultsOf(
        datasource.type === 'jaeger'
          ? { datasource: 'jaeger', kind: 'search', query: chosen(service) }
          : { datasource: 'loki', kind: 'range', query: chosen(expr) },
        backends,
      )
      if (!namesAnEvent.test(expr ?? '')) assert.ok(found.length > 0, expr ?? service)
    }
  })

  test('from every alert to its runbook, its dashboard and its log lines', async () => {
    const { groups } = (await getJson(backends.prometheus, '/api/v1/rules', { type: 'alert' })).data
    const alerts = groups.flatMap(({ rules }: { rules: object[] }) => rules)
    assert.ok(alerts.length > 20)
    for (const { name, annotations } of alerts) {
      assert.ok(existsSync(join(root, 'docs/en/runbooks', annotations.runbook_url.split('/').at(-1))), name)
      const { pathname } = new URL(annotations.dashboard_url.replaceAll(/\{\{.*?\}\}/g, 'x'))
      assert.ok(
        allDashboards.some(({ uid }) => pathname === `/d/${uid}`),
        `${name}: ${pathname}`,
      )
      const { logs } = paneOf(annotations.logs_url) as { logs: { queries: { expr: string }[] } }
      const query = logs.queries[0]!.expr.replaceAll(/\{\{.*?\}\}/g, 'order')
      await resultsOf({ datasource: 'loki', kind: 'range', query }, backends)
    }
  })
})

describe('a product service that is gone', { skip }, () => {
  test('makes one page, with the pages that follow from it held back', async (t) => {
    const began = performance.now()
    await shop
      .processes()
      .find(({ service }) => service === 'product')!
      .stop()
    await eventually(async () => assert.equal((await pages())[0]?.labels.alertname, 'ShopServiceDown'), patience)
    t.diagnostic(`at Alertmanager after ${((performance.now() - began) / 1000).toFixed(0)} s`)
    await eventually(async () => {
      const inhibited = await getJson(alertmanager, '/api/v2/alerts', {
        active: 'false',
        inhibited: 'true',
        filter: 'alertname="ShopErrorBudgetBurn"',
      })
      return inhibited.length > 0
    }, patience)
    assert.deepEqual(
      (await pages()).map(({ labels }) => `${labels.alertname} ${labels.app}`),
      ['ShopServiceDown product'],
    )
  })

  describe('fills', { concurrency: true }, () => testsOf((state) => outageStates.has(state)))
})
