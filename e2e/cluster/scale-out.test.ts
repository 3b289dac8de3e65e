import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { gateway, kubectl } from './shop-cluster.ts'

/** How many ask at a time, each again as soon as it is answered. */
const visitors = 8

/** What the gateway answers by itself: on a busy machine it still gets the time for that, where the whole shop does not. */
const page = `${gateway}/docs/json`

test('the gateway scales out under load', async (t) => {
  const ended = new AbortController()
  let answers = 0
  async function keepAsking() {
    while (!ended.signal.aborted) {
      const response = await fetch(page, { signal: ended.signal }).catch(() => undefined)
      await response?.arrayBuffer().catch(() => {})
      if (response?.ok) answers += 1
    }
  }
  const asking = Array.from({ length: visitors }, keepAsking)
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
    ended.abort()
    await Promise.all(asking)
    for (const line of timeline) t.diagnostic(line)
  }
  t.diagnostic(`${answers} answers`)
})
