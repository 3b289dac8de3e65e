import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Stack } from '@hello/cluster/charts'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { shopClient } from '../lib/shop-client.ts'
import { services as topology } from '../telemetry/topology.ts'
import { alertmanager, frontend, jaeger, loki, prometheus, services, stack } from './shop-cluster.ts'

const { order, stockProduct } = shopClient(frontend)

/** What scrapes the part of the stack in which the two differ. */
const stackJobs: Record<Stack, string[]> = {
  classic: ['jaeger-collector'],
  modern: ['jaeger', 'opentelemetry-collector', 'opentelemetry-collector-gateway'],
}

const minuteAgo = () => String(BigInt(Date.now() - 600_000) * 1_000_000n)

before(async () => {
  const { id: productId } = await stockProduct(10)
  for (const path of ['/api/products', '/api/inventory', '/api/orders']) await fetch(frontend + path)
  await order(productId, 1)
})

test('every target of every monitor is up', () =>
  eventually(async () => {
    const { data } = await getJson(prometheus, '/api/v1/targets', { state: 'active' })
    const targets: { scrapePool: string; health: string; lastError: string; labels: Record<string, string> }[] =
      data.activeTargets
    const down = targets
      .filter(({ health }) => health !== 'up')
      .map(({ scrapePool, lastError }) => `${scrapePool}: ${lastError}`)
    assert.deepEqual(down, [])
    const names = new Set(targets.map(({ labels }) => labels.job))
    for (const expected of [...services, 'postgres-exporter', ...stackJobs[stack]])
      assert.ok(names.has(expected), `no target ${expected}`)
  }))

test('the rules are loaded and none has an error', async () => {
  await eventually(async () => {
    const { data } = await getJson(prometheus, '/api/v1/rules')
    const rules: { name: string; health: string; lastError?: string }[] = data.groups.flatMap(
      ({ rules }: { rules: unknown[] }) => rules,
    )
    const shop = rules.filter(({ name }) => name.startsWith('Shop'))
    assert.ok(shop.length > 0)
    assert.deepEqual(
      shop.filter(({ health }) => health !== 'ok'),
      [],
    )
  })
})

test('Alertmanager routes the shop’s alerts', () =>
  eventually(async () => {
    const shown: { receivers: { name: string }[] }[] = await getJson(alertmanager, '/api/v2/alerts', {
      filter: 'alertname="ShopDeadMansSwitch"',
    })
    assert.deepEqual(
      shown.map(({ receivers }) => receivers),
      [[{ name: 'monitoring/shop/heartbeat' }]],
    )
  }))

for (const service of services)
  test(`Loki has the lines of ${service} by app and namespace, with level and trace_id apart from the text`, () =>
    eventually(async () => {
      const { data } = await getJson(loki, '/loki/api/v1/query_range', {
        query: `{namespace="shop", app="${service}", level="info"} | trace_id != ""`,
        start: minuteAgo(),
        limit: '5',
      })
      const [stream] = data.result
      assert.ok(stream, 'no such line')
      assert.match(stream.stream.trace_id, /^[0-9a-f]{32}$/)
      assert.equal(JSON.parse(stream.values[0][1]).trace_id, stream.stream.trace_id)
    }))

test('Jaeger’s dependency graph has every call between services', () =>
  eventually(async () => {
    const { data } = await getJson(jaeger, '/api/dependencies', { endTs: String(Date.now()), lookback: '3600000' })
    const edges = data.map(({ parent, child }: { parent: string; child: string }) => `${parent} -> ${child}`)
    for (const { service, calls } of topology)
      for (const callee of calls.filter((name) => name !== 'PostgreSQL'))
        assert.ok(edges.includes(`${service} -> ${callee}`), `the graph has: ${edges.join(', ')}`)
  }))
