import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { read } from '@hello/cluster/command'
import { cluster, gateway } from '../cluster/shop-cluster.ts'
import { assertKept, report, startTraffic } from '../cluster/traffic.ts'
import { lastRelease, skip } from '../lib/released.ts'
import { shopClient } from '../lib/shop-client.ts'

const { stockProduct } = shopClient(gateway)

const plenty = 1_000_000

/** Builds and deploys the shop of a checkout, as `make deploy` there does. */
const deploy = (checkout: string) =>
  read(process.execPath, [join(checkout, 'cluster/src/deploy.ts'), '--cluster', cluster])

test('upgrading the charts and the images of the last release under load fails no request', { skip }, async (t) => {
  await deploy(await lastRelease())
  const { id: productId } = await stockProduct(plenty)
  const traffic = startTraffic({ rate: 100, productId })
  await delay(5000)
  await deploy(join(import.meta.dirname, '../..'))
  await delay(5000)
  report(t, await traffic.stop())
  assert.deepEqual(traffic.failures, [])
  await assertKept(productId, plenty, traffic)
})
