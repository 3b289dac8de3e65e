import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { checkGrafana, checkTargets } from '../src/signal-checks.ts'

/** An API that answers each path, without its query, with what is given for it, and anything else with 404. */
async function serve(t: TestContext, answers: Record<string, unknown>, authorization?: string): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url!.split('?')[0]!]
    const refused = authorization && request.headers.authorization !== authorization
    response.writeHead(refused ? 401 : answer ? 200 : 404).end(JSON.stringify(answer ?? { message: 'not found' }))
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const targets = (...health: [pool: string, health: string][]) => ({
  '/api/v1/targets': { data: { activeTargets: health.map(([scrapePool, state]) => ({ scrapePool, health: state })) } },
})
const monitors = ['shop/order', 'shop/gateway']

test('Prometheus is well when every target is up and every monitor has one', async (t) => {
  const all = targets(['serviceMonitor/shop/order/0', 'up'], ['serviceMonitor/shop/gateway/0', 'up'])
  const { fault, found } = await checkTargets(monitors, await serve(t, all))
  assert.equal(fault, undefined)
  assert.equal(found, '2 of 2 are up')
})

test('Prometheus is not well while a target is down, a monitor has none, or it does not answer', async (t) => {
  const down = targets(['serviceMonitor/shop/order/0', 'up'], ['serviceMonitor/shop/gateway/0', 'down'])
  assert.match((await checkTargets(monitors, await serve(t, down))).fault!, /1 of 2 are up; .*shop\/gateway/)
  const few = targets(['serviceMonitor/shop/order/0', 'up'])
  assert.match((await checkTargets(monitors, await serve(t, few))).fault!, /none of shop\/gateway/)
  assert.ok((await checkTargets(monitors, 'http://127.0.0.1:1')).fault)
})

const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`
const health = (uid: string, status: string, message: string) => ({
  [`/api/datasources/uid/${uid}/health`]: { status, message },
})
const answering = { ...health('prometheus', 'OK', ''), ...health('loki', 'OK', ''), ...health('jaeger', 'OK', '') }

const generated = new URL('../../charts/observability/generated/dashboards/', import.meta.url)
/** A dashboard's file is called like its uid. */
const dashboards = readdirSync(generated).map((file) => ({ uid: file.replace('.json', '') }))

test('Grafana is well when it has the dashboards and reaches the datasources', async (t) => {
  const grafana = await serve(t, { '/api/search': dashboards, ...answering }, basic)
  assert.deepEqual(
    (await checkGrafana(grafana)).map(({ name, fault }) => [name, fault]),
    ['dashboards', 'datasource prometheus', 'datasource loki', 'datasource jaeger'].map((name) => [
      `Grafana ${name}`,
      undefined,
    ]),
  )
})

test('Grafana is not well without a dashboard, or with a datasource that cannot be reached', async (t) => {
  const silent = health('loki', 'ERROR', 'Unable to connect with Loki')
  const grafana = await serve(
    t,
    { '/api/search': dashboards.filter(({ uid }) => uid !== 'microservices'), ...answering, ...silent },
    basic,
  )
  const faults = (await checkGrafana(grafana)).map(({ fault }) => fault)
  assert.deepEqual(faults, ['not there: Microservices Dashboard', undefined, 'Unable to connect with Loki', undefined])
})
