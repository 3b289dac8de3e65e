import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { read } from '@hello/cluster/command'
import { eventually } from '@hello/test-support/eventually'
import { cluster, context, gateway, kubectl, limit, services } from '../cluster/shop-cluster.ts'
import { assertKept, report, startTraffic, type Traffic } from '../cluster/traffic.ts'
import { shopClient } from '../lib/shop-client.ts'

const { stockProduct } = shopClient(gateway)

/** Orders a second, and nothing else: new customers come whether or not others have their answer. */
const load = { rate: 50, ordersEvery: 1, maxUnanswered: Number.POSITIVE_INFINITY }
const plenty = 1_000_000
/** For how long an order is repeated by its key: a dead node is known for dead after some fifty seconds. */
const retryForMs = 240_000
const workers = [`${cluster}-worker`, `${cluster}-worker2`]

const rollout = (target: string) => kubectl('rollout', 'status', target, `--timeout=${limit}`)
const untilReady = () =>
  Promise.all([...services.map((name) => `deployment/${name}`), 'statefulset/postgres'].map(rollout))
const nodeOf = (pod: string) => kubectl('get', `pod/${pod}`, '-o', 'jsonpath={.spec.nodeName}')
const seconds = (ms: number) => `${Math.round(ms / 1000)} s`

before(async () => {
  const chart = new URL('../../charts/service', import.meta.url).pathname
  const two = ['--set', 'replicas=2,autoscaling.minReplicas=2']
  const flags = ['--kube-context', context, '-n', 'shop', '--reuse-values', ...two, '--wait']
  for (const name of services) await read('helm', ['upgrade', name, chart, ...flags])
})

// Who was drained away does not come back by itself.
beforeEach(async () => {
  await untilReady()
  await kubectl('rollout', 'restart', ...services.map((name) => `deployment/${name}`))
  await untilReady()
  for (const name of services)
    await eventually(async () => {
      const nodes = await kubectl(
        ...['get', 'pods', '-l', `app.kubernetes.io/name=${name}`],
        ...['-o', 'jsonpath={.items[*].spec.nodeName}'],
      )
      assert.deepEqual(nodes.split(' ').sort(), workers, name)
    })
})

async function underLoad(t: { diagnostic(message: string): void }, disturb: (traffic: Traffic) => Promise<void>) {
  const { id: productId } = await stockProduct(plenty)
  const began = Date.now()
  const traffic = startTraffic({ ...load, productId, retryForMs })
  await delay(5000)
  await disturb(traffic)
  await delay(5000)
  await traffic.stop()
  report(t, traffic)
  t.diagnostic(`${(traffic.orders.length / ((Date.now() - began) / 1000)).toFixed(0)} orders a second`)
  assert.deepEqual(traffic.failures, [])
  await delay(5000) // the recovery's time for the last pending ones
  await assertKept(productId, plenty, traffic)
}

describe('three nodes under 50 orders a second', () => {
  test('draining each in turn fails no order that is repeated by its key, and loses none', (t) =>
    underLoad(t, async (traffic) => {
      for (const node of workers) {
        const began = Date.now()
        const hadDatabase = (await nodeOf('postgres-0')) === node
        const flags = ['--ignore-daemonsets', '--delete-emptydir-data', `--timeout=${limit}`]
        await kubectl('drain', node, ...flags)
        // Its volume is on this very node: a database on one disk waits for it.
        await kubectl('uncordon', node)
        await untilReady()
        const last = Math.max(0, traffic.lastFailureAt - began)
        t.diagnostic(`${node}${hadDatabase ? ', with the database' : ''}: asked again for ${seconds(last)}`)
      }
    }))

  test('the death of one without the database fails no order that is repeated by its key, and loses none', (t) =>
    underLoad(t, async (traffic) => {
      const database = await nodeOf('postgres-0')
      const node = workers.find((name) => name !== database)!
      const began = Date.now()
      await read('docker', ['kill', node])
      await eventually(async () => {
        const status = await kubectl(
          'get',
          `node/${node}`,
          '-o',
          'jsonpath={.status.conditions[?(@.type=="Ready")].status}',
        )
        return status === 'Unknown'
      })
      t.diagnostic(`known for dead after ${seconds(Date.now() - began)}`)
      await delay(20_000)
      assert.ok(traffic.lastFailureAt > began, 'nobody had noticed')
      t.diagnostic(`the last order that was asked for again: after ${seconds(traffic.lastFailureAt - began)}`)
      assert.ok(Date.now() - traffic.lastFailureAt > 10_000, 'the shop has not recovered from it')
      await read('docker', ['start', node])
      await untilReady()
    }))

  test('the death of the one with the database loses no order, and ends with it', (t) =>
    underLoad(t, async (traffic) => {
      const node = await nodeOf('postgres-0')
      await read('docker', ['kill', node])
      await delay(20_000)
      const began = Date.now()
      await read('docker', ['start', node])
      await untilReady()
      await eventually(() => Date.now() - traffic.lastFailureAt > 10_000)
      t.diagnostic(`orders work ${seconds(traffic.lastFailureAt - began)} after the node is back`)
    }))

  test('the loss of the whole telemetry stack fails no request', async (t) => {
    const { id: productId } = await stockProduct(plenty)
    const traffic = startTraffic({ ...load, ordersEvery: 5, productId })
    await delay(5000)
    await kubectl('delete', 'namespace', 'monitoring', 'observability', '--wait=false')
    await eventually(
      async () => (await kubectl('get', 'pods', '-A', '-o', 'name')).match(/prometheus|loki|jaeger/) === null,
    )
    await delay(20_000)
    report(t, await traffic.stop())
    assert.deepEqual(traffic.failures, [])
    await assertKept(productId, plenty, traffic)
  })
})
