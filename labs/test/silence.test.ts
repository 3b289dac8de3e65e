import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { incidentLabs } from '../src/all-labs.ts'
import { prometheusAt } from '../src/prometheus.ts'
import { untilSilent } from '../src/silence.ts'

const labOf = (fault: string) => incidentLabs.find(({ incident }) => 'fault' in incident && incident.fault === fault)!
const lab = labOf('leaked-connections')
const alertname = 'ShopDatabaseConnectionsNearMaximum'

/** A Prometheus in which the alert is on for so many questions, and which breaks off the answer to one. */
async function started(t: TestContext, loud: number, brokenOff?: number) {
  const asked: string[] = []
  const server = createServer(({ url }, response) => {
    asked.push(new URL(url!, 'http://prometheus').searchParams.get('query')!)
    if (asked.length === brokenOff) return void response.destroy()
    const result = asked.length > loud ? [] : [{ metric: { alertname, alertstate: 'firing' }, values: [] }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: { result } }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { prometheus: prometheusAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked }
}

test('waits until the alerts of the fault are off, and says once for which', async (t) => {
  const { prometheus, asked } = await started(t, 2)
  const told: string[][] = []
  await untilSilent(lab, prometheus, { onLoud: (alerts) => told.push(alerts), signal: new AbortController().signal })
  assert.deepEqual(told, [[alertname]])
  assert.deepEqual(asked, Array(3).fill(`ALERTS{alertname="${alertname}"}`))
})

test('waits for the page, and not for the ticket of the same name, which fires for hours', async (t) => {
  const { prometheus, asked } = await started(t, 0)
  await untilSilent(labOf('errors'), prometheus, { onLoud: () => assert.fail(), signal: new AbortController().signal })
  assert.match(asked[0]!, /alertname="ShopErrorBudgetBurn", severity="critical"/)
})

test('asks for nothing where no fault raises an alert', async (t) => {
  const { prometheus, asked } = await started(t, 9)
  await untilSilent(labOf('none'), prometheus, { onLoud: () => assert.fail(), signal: new AbortController().signal })
  assert.deepEqual(asked, [])
})

test('asks again where Prometheus is away for a moment', async (t) => {
  const { prometheus, asked } = await started(t, 1, 2)
  const told: string[][] = []
  await untilSilent(lab, prometheus, { onLoud: (alerts) => told.push(alerts), signal: new AbortController().signal })
  assert.deepEqual(told, [[alertname]])
  assert.equal(asked.length, 3)
})

test('says nothing where none is on, and can be left', async (t) => {
  const told: string[][] = []
  const waiting = { onLoud: (alerts: string[]) => told.push(alerts), signal: AbortSignal.abort() }
  await untilSilent(lab, (await started(t, 0)).prometheus, waiting)
  assert.deepEqual(told, [])
  await assert.rejects(untilSilent(lab, (await started(t, 9)).prometheus, waiting), { name: 'AbortError' })
})
