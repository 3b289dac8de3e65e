import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startShop } from '@hello/local/shop/start-shop'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import { missingPrograms } from '../panels/programs.ts'

describe('the shop beside the stack of the cluster', { skip: missingPrograms('node_exporter') }, async () => {
  const shop = await startShop({ stack: true, durable: false })
  after(() => shop.stop())
  await shop.ready()
  const { prometheus, alertmanager, loki, jaeger } = shop.stackUrls

  interface Sample {
    metric: Record<string, string>
    value: [time: number, value: string]
  }

  interface Trace {
    processes: Record<string, { serviceName: string; tags: { key: string; value: string }[] }>
  }

  interface AlertGroup {
    labels: Record<string, string>
    alerts: { labels: Record<string, string> }[]
  }

  async function ask<Answer>(url: string): Promise<Answer> {
    const answer = await fetch(url)
    assert.equal(answer.status, 200, `${url} answered ${answer.status}`)
    return (await answer.json()) as Answer
  }

  async function query(expression: string): Promise<Sample[]> {
    const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`
    return (await ask<{ data: { result: Sample[] } }>(url)).data.result
  }

  const [product] = await ask<{ id: string }[]>(`${shop.urls.gateway}/api/products`)

  async function order() {
    const url = `${shop.urls.gateway}/api/orders`
    const body = JSON.stringify({ productId: product!.id, quantity: 1 })
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    return fetch(url, { method: 'POST', headers, body })
  }

  test('every target is scraped, under the names and labels of the cluster', async () => {
    await eventually(async () => {
      const up = await query('up')
      assert.deepEqual(
        up.flatMap(({ metric, value }) => (value[1] === '1' ? [] : [metric])),
        [],
      )
      const apps = up.flatMap(({ metric }) => metric.app ?? [])
      assert.deepEqual(apps.sort(), [...services.map(({ name }) => name), 'postgres'].sort())
    })
    const pools = await query('prometheus_target_scrape_pool_targets{scrape_job=~"serviceMonitor/shop/.+"} == 1')
    assert.equal(pools.length, services.length + 1)
  })

  test('every rule as shipped is read, and none fails', async () => {
    type Rules = { data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] } }
    await eventually(async () => {
      const { data } = await ask<Rules>(`${prometheus}/api/v1/rules`)
      const rules = data.groups.flatMap((group) => group.rules)
      assert.ok(rules.length > 100, `${rules.length} rules`)
      assert.deepEqual(
        rules.flatMap(({ name, health, lastError }) => (health === 'ok' ? [] : [name, health, lastError])),
        [],
      )
    })
  })

  test('an order is a trace in Jaeger, and its lines are in Loki under that trace', async () => {
    const answer = await order()
    assert.equal(answer.status, 201, await answer.text())
    const traceId = answer.headers.get('traceresponse')!.split('-')[1]!
    await eventually(async () => {
      const { data } = await ask<{ data: Trace[] }>(`${jaeger}/api/traces/${traceId}`)
      const processes = Object.values(data[0]!.processes)
      assert.deepEqual([...new Set(processes.map(({ serviceName }) => serviceName))].sort(), [
        'gateway',
        'inventory',
        'order',
        'product',
      ])
      for (const { serviceName, tags } of processes)
        assert.equal(tags.find(({ key }) => key === 'k8s.container.name')?.value, serviceName)
    })
    await eventually(async () => {
      const expression = encodeURIComponent(`{namespace="shop", level="info"} | trace_id="${traceId}"`)
      const url = `${loki}/loki/api/v1/query_range?query=${expression}`
      const { data } = await ask<{ data: { result: { stream: Record<string, string> }[] } }>(url)
      const apps = data.result.flatMap(({ stream }) => stream.app ?? [])
      assert.ok(apps.includes('gateway') && apps.includes('order'), `lines of ${apps}`)
    })
  })

  test('a service that is gone makes one page, and no other, though orders fail', async (t) => {
    await eventually(async () => assert.equal((await query('up{app="product"} == 1')).length, 1))
    await shop
      .processes()
      .find(({ name }) => name === 'product')!
      .stop()
    const since = performance.now()
    let over = false
    const load = (async () => {
      for (; !over; await delay(200)) await order().catch(() => {})
    })()

    const pages = () => ask<AlertGroup[]>(`${alertmanager}/api/v2/alerts/groups?receiver=pages&inhibited=false`)
    try {
      const alert = await eventually(async () => (await pages()).flatMap(({ alerts }) => alerts)[0] ?? false, {
        seconds: 180,
      })
      t.diagnostic(`at Alertmanager after ${((performance.now() - since) / 1000).toFixed(1)} s`)
      assert.equal(alert.labels.alertname, 'ShopServiceDown')
      assert.equal(alert.labels.app, 'product')
      // What would page without the route that tells what explains what.
      await eventually(
        async () =>
          (await query('ALERTS{alertstate="firing", severity="critical", alertname!="ShopServiceDown"}')).length > 0,
        {
          seconds: 180,
        },
      )
      const groups = (await pages()).map(({ labels, alerts }) => [labels.alertname, alerts.length])
      assert.deepEqual(groups, [['ShopServiceDown', 1]])
    } finally {
      over = true
      await load
    }
  })
})
