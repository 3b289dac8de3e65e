import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { missingPrograms } from './programs.ts'

/** As slow as two cores are. */
const patience = { seconds: 300 }

interface Rule {
  name: string
  health: string
  lastError?: string
  duration?: number
}

test('a stack whose time runs ten times faster tells of a service that is gone', {
  skip: missingPrograms(),
}, async (t) => {
  const shop = await startShop({ stack: true, durable: false, timeScale: 10 })
  t.after(() => shop.stop())
  await shop.ready()
  const { prometheus, alertmanager } = shop.stackUrls as { prometheus: string; alertmanager: string }

  /** The services of which Alertmanager knows that they are down. */
  const down = async (): Promise<string[]> => {
    const alerts = await getJson(alertmanager, '/api/v2/alerts', { filter: 'alertname="ShopServiceDown"' })
    return alerts.map(({ labels }: { labels: { app: string } }) => labels.app)
  }
  const rules = async (): Promise<Rule[]> => {
    const { groups } = (await getJson(prometheus, '/api/v1/rules')).data
    return groups.flatMap((group: { rules: Rule[] }) => group.rules)
  }

  // While the shop starts, a service may have been missed for longer than such a rule waits.
  await eventually(async () => {
    const up = (await getJson(prometheus, '/api/v1/query', { query: 'up{namespace="shop"}' })).data.result
    assert.ok(up.length > 0)
    for (const { metric, value } of up) assert.equal(value[1], '1', metric.app)
    for (const { name, health, lastError } of await rules()) assert.equal(health, 'ok', `${name}: ${lastError}`)
    assert.deepEqual(await down(), [])
  }, patience)
  assert.equal((await rules()).find(({ name }) => name === 'ShopServiceDown')!.duration, 3)

  const began = performance.now()
  await shop
    .processes()
    .find(({ service }) => service === 'product')!
    .stop()
  await eventually(async () => assert.deepEqual(await down(), ['product']), patience)
  t.diagnostic(`at Alertmanager after ${((performance.now() - began) / 1000).toFixed(1)} s`)
})
