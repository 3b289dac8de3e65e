import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { kubectl } from './shop-cluster.ts'

test('the gateway is back on one pod after the load', async (t) => {
  await eventually(
    async () => {
      const { spec } = JSON.parse(await kubectl('get', 'deployment/gateway', '-o', 'json'))
      assert.equal(spec.replicas, 1)
    },
    { everyMs: 500 },
  )
  const events = await kubectl(
    'get',
    'events',
    '--field-selector=involvedObject.kind=HorizontalPodAutoscaler',
    '-o',
    'jsonpath={range .items[*]}{.lastTimestamp} {.message}{"\\n"}{end}',
  )
  for (const line of events.split('\n').filter((event) => event.includes('New size'))) t.diagnostic(line)
})
