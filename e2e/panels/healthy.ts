import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startShop } from '@hello/local/shop/start-shop'
import { getJson } from '../lib/get-json.ts'
import { missingPrograms } from './programs.ts'
import { startVisitors } from './visitors.ts'

const minutes = Number(process.env.HEALTHY_MINUTES ?? 30)

test(`${minutes} minutes of visitors raise no alert`, { skip: missingPrograms() }, async (t) => {
  const shop = await startShop({ signals: true, stack: true, durable: false })
  t.after(() => shop.stop())
  await shop.ready()
  const { prometheus, alertmanager } = shop.stackUrls
  const began = Date.now()
  const visitors = await startVisitors(shop.urls.gateway)
  await delay(minutes * 60_000)
  await visitors.stop()

  const { result } = (
    await getJson(prometheus!, '/api/v1/query_range', {
      query: 'ALERTS{alertstate="firing", alertname!="ShopDeadMansSwitch"}',
      start: String(began / 1000),
      end: String(Date.now() / 1000),
      step: '15',
    })
  ).data
  assert.deepEqual(
    result.map(({ metric }: { metric: object }) => metric),
    [],
  )
  const shown = await getJson(alertmanager!, '/api/v2/alerts')
  assert.deepEqual(
    shown.map(({ labels }: { labels: Record<string, string> }) => labels.alertname),
    ['ShopDeadMansSwitch'],
  )
  assert.deepEqual(visitors.failures, [])
  t.diagnostic(`${visitors.visits()} visits`)
})
