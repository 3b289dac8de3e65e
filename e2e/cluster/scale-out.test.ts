import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { kubectl, limitMs, stockProduct } from './shop-cluster.ts'
import { startTraffic } from './traffic.ts'

test('the gateway scales out under load', async (t) => {
  const traffic = startTraffic({ rate: 250, productId: await stockProduct(100_000) })
  const started = Date.now()
  const timeline: string[] = []
  let pods = 0
  while (pods < 2 && Date.now() - started < limitMs) {
    await delay(5000)
    const { status } = JSON.parse(await kubectl('get', 'hpa/gateway', '-o', 'json'))
    pods = JSON.parse(await kubectl('get', 'deployment/gateway', '-o', 'json')).status.readyReplicas ?? 0
    const use = status.currentMetrics?.[0]?.resource?.current.averageUtilization
    timeline.push(`${Math.round((Date.now() - started) / 1000)} s: ${use ?? '?'} % of the request, ${pods} pods`)
  }
  await traffic.stop()
  for (const line of timeline) t.diagnostic(line)
  t.diagnostic(`${traffic.requests} requests, ${traffic.failures.length} failures`)
  assert.ok(pods >= 2, timeline.at(-1))
})
