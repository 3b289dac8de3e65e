import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployShop } from '@hello/cluster/deploy'
import { eventually } from '@hello/test-support/eventually'
import { cluster, kubectl } from './shop-cluster.ts'

interface Item {
  metadata: { name: string; uid: string; deletionTimestamp?: string }
}

/** Names by uid, of those that nobody takes away already. */
async function list(kinds: string): Promise<Map<string, string>> {
  const items: Item[] = JSON.parse(await kubectl('get', kinds, '-o', 'json')).items
  return new Map(
    items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => [metadata.uid, metadata.name]),
  )
}

/** What the second has and the first has not. */
const without = (first: Map<string, string>, second: Map<string, string>): string[] =>
  [...second].filter(([uid]) => !first.has(uid)).map(([, name]) => name)

test('a second deployment of the same sources restarts no pod and rolls nothing out', async () => {
  await eventually(
    async () => {
      const { status } = JSON.parse(await kubectl('get', 'deployment/gateway', '-o', 'json'))
      assert.equal(status.replicas, 1, 'the autoscaler is at rest, and takes no pod away')
    },
    { everyMs: 500 },
  )
  const templates = await list('replicasets,controllerrevisions')
  const pods = await list('pods')
  await deployShop(cluster)
  assert.deepEqual(without(templates, await list('replicasets,controllerrevisions')), [], 'a pod template changed')
  assert.deepEqual(without(await list('pods'), pods), [], 'these pods are gone')
})
