import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { shopClient } from '../lib/shop-client.ts'
import { gateway, kubectl } from './shop-cluster.ts'
import { startTraffic } from './traffic.ts'

const { stockProduct } = shopClient(gateway)

test('the gateway scales out under load', async (t) => {
  const traffic = startTraffic({ rate: 250, productId: (await stockProduct(100_000)).id })
  const started = Date.now()
  const timeline: string[] = []
  try {
    await eventually(
      async () => {
        const { status } = JSON.parse(await kubectl('get', 'hpa/gateway', '-o', 'json'))
        const pods = JSON.parse(await kubectl('get', 'deployment/gateway', '-o', 'json')).status.readyReplicas ?? 0
        const use = status.currentMetrics?.[0]?.resource?.current.averageUtilization
        timeline.push(`${Math.round((Date.now() - started) / 1000)} s: ${use ?? '?'} % of the request, ${pods} pods`)
        assert.ok(pods >= 2, timeline.at(-1))
      },
      { everyMs: 5000 },
    )
  } finally {
    await traffic.stop()
    for (const line of timeline) t.diagnostic(line)
  }
  t.diagnostic(`${traffic.requests} requests, ${traffic.failures.length} failures`)
})
