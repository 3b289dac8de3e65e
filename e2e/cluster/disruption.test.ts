import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { read } from '@hello/cluster/command'
import { shopClient } from '../lib/shop-client.ts'
import { assertNobodyPaged } from './pages.ts'
import { context, gateway, kubectl, limit, services } from './shop-cluster.ts'
import { assertKept, report, startTraffic } from './traffic.ts'

const { stockProduct } = shopClient(gateway)

const rate = 100
const plenty = 100_000
/** When scale-in.test.ts, which comes before, saw the gateway scaled in; now where nothing was. */
const { lastScaleTime = new Date().toISOString() } = JSON.parse(
  await kubectl('get', 'horizontalpodautoscaler/gateway', '-o', 'json'),
).status
const began = Date.parse(lastScaleTime)

const settled = (name: string) => kubectl('rollout', 'status', `deployment/${name}`, `--timeout=${limit}`)

test('restarting every service under load fails no request', async (t) => {
  const traffic = startTraffic({ rate, productId: (await stockProduct(plenty)).id })
  await delay(3000)
  for (const name of services) {
    await kubectl('rollout', 'restart', `deployment/${name}`)
    await settled(name)
  }
  await delay(3000)
  report(t, await traffic.stop())
  assert.deepEqual(traffic.failures, [])
})

test('upgrading a release under load fails no request', async (t) => {
  const traffic = startTraffic({ rate, productId: (await stockProduct(plenty)).id })
  await delay(3000)
  for (const name of ['gateway', 'order']) {
    const chart = new URL('../../charts/service', import.meta.url).pathname
    const flags = ['--kube-context', context, '-n', 'shop', '--reuse-values', '--set', 'env.LOG_LEVEL=info', '--wait']
    await read('helm', ['upgrade', name, chart, ...flags])
    await settled(name)
  }
  await delay(3000)
  report(t, await traffic.stop())
  assert.deepEqual(traffic.failures, [])
})

test('scaling in, and restarting and upgrading under load, page nobody', () => assertNobodyPaged(began))

test('deleting any pod loses no order and fails none that is repeated by its key', async (t) => {
  const { id: productId } = await stockProduct(plenty)
  const traffic = startTraffic({ rate: rate / 2, productId, retryForMs: 60_000 })
  for (const target of [...services.map((name) => `deployment/${name}`), 'statefulset/postgres']) {
    const name = target.split('/')[1]!
    const component = name === 'postgres' ? ',app.kubernetes.io/component=database' : ''
    await kubectl('delete', 'pod', '--wait=false', '-l', `app.kubernetes.io/name=${name}${component}`)
    await delay(1000)
    await kubectl('rollout', 'status', target, `--timeout=${limit}`)
  }
  await delay(5000)
  report(t, await traffic.stop())
  assert.deepEqual(traffic.failures, [])
  await delay(5000) // the recovery's time for the last pending ones
  await assertKept(productId, plenty, traffic)
})
