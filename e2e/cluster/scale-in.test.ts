import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { kubectl } from './shop-cluster.ts'

test('the gateway is back on one pod after the load', async (t) => {
  const deadline = Date.now() + 300_000
  let replicas: number
  do {
    const { spec } = JSON.parse(await kubectl('get', 'deployment/gateway', '-o', 'json'))
    replicas = spec.replicas
    if (replicas > 1) await delay(5000)
  } while (replicas > 1 && Date.now() < deadline)
  const events = await kubectl(
    'get',
    'events',
    '--field-selector=involvedObject.kind=HorizontalPodAutoscaler',
    '-o',
    'jsonpath={range .items[*]}{.lastTimestamp} {.message}{"\\n"}{end}',
  )
  for (const line of events.split('\n').filter((event) => event.includes('New size'))) t.diagnostic(line)
  assert.equal(replicas, 1)
})
