import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { allDashboards } from '@hello/monitoring/all-dashboards'
import { filled, ownNames } from '@hello/monitoring/names'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { type Backends, resultsOf } from '../lib/panel-results.ts'
import { patience } from './answers.ts'
import { namesAnEvent } from './filled-by.ts'

const root = join(import.meta.dirname, '../..')

/** What Grafana would put in the place of a link's variables. */
const values: Record<string, string> = { namespace: 'shop', 'service:regex': 'order', app: 'order' }

const chosen = (text: string) =>
  text.replaceAll(/\$\{([\w.:]+)\}/g, (_, name: string) => values[name] ?? values[name.split('.').at(-1)!] ?? 'order')

/** The panes of an address of Grafana's Explore. */
function paneOf(url: string): Record<string, unknown> {
  const panes = new URL(url, 'http://grafana').searchParams.get('panes')!
  return JSON.parse(panes)
}

/** Follows the links between the signals of a shop that is used, as tests of the suite that calls. */
export function testLinks(backends: () => Backends) {
  test('from an exemplar to its trace, to its log lines, and back', async () => {
    const traceId = await eventually(async () => {
      const { data } = await getJson(backends().prometheus, '/api/v1/query_exemplars', {
        query: 'http_server_request_duration_seconds_bucket{app="order"}',
        start: String(Date.now() / 1000 - 600),
        end: String(Date.now() / 1000),
      })
      return data[0]?.exemplars.at(-1)?.labels.trace_id ?? false
    }, patience)
    await eventually(async () => {
      const { data } = await getJson(backends().jaeger, `/api/traces/${traceId}`)
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
      const { result } = (await getJson(backends().loki, '/loki/api/v1/query_range', { query })).data
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
        backends(),
      )
      if (!namesAnEvent.test(expr ?? '')) assert.ok(found.length > 0, expr ?? service)
    }
  })

  test('from every alert to its runbook, its dashboard and its log lines', async () => {
    const { groups } = (await getJson(backends().prometheus, '/api/v1/rules', { type: 'alert' })).data
    const alerts = groups
      .flatMap(({ rules }: { rules: { name: string }[] }) => rules)
      .filter(({ name }: { name: string }) => name.startsWith('Shop'))
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
      await resultsOf({ datasource: 'loki', kind: 'range', query }, backends())
    }
  })
}
