import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from '@hello/cluster/terminal'
import { eventually } from '@hello/test-support/eventually'
import { kubectl, query, services } from './shop-cluster.ts'

/** Seconds after which a pod has loaded what it needs, and Prometheus has been told of its memory. */
const settled = 90

/** Not those of a test that has just ended. */
const ofTheShop = `namespace="shop", pod=~"(${[...services, 'postgres'].join('|')})-.+"`

interface Pod {
  metadata: { name: string; deletionTimestamp?: string }
}

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2)

test('the shop with its database stays under 700 MiB at rest, its stack without Grafana under 2 GiB', async (t) => {
  await eventually(async () => {
    const [youngest] = await query(`min(time() - kube_pod_start_time{${ofTheShop}})`)
    return Number(youngest?.value[1]) > settled
  })
  const running = await eventually(async () => {
    const { items }: { items: Pod[] } = JSON.parse(await kubectl('get', 'pods', '-o', 'json'))
    return items.every(({ metadata }) => !metadata.deletionTimestamp) && items.map(({ metadata }) => metadata.name)
  })
  const pods = await query(
    ['namespace=~"monitoring|observability|cert-manager"', ofTheShop]
      .map((pod) => `sum by (namespace, pod) (container_memory_working_set_bytes{${pod}, container!=""})`)
      .join(' or '),
  )
  const rows = pods
    .map(({ metric, value }) => ({
      namespace: metric.namespace!,
      pod: metric.pod!,
      memory: mebibytes(Number(value[1])),
    }))
    // Prometheus has the last word of a pod that was scaled away for five minutes.
    .filter(({ namespace, pod }) => !pod.includes('grafana') && (namespace !== 'shop' || running.includes(pod)))
    .toSorted((a, b) => a.namespace.localeCompare(b.namespace) || b.memory - a.memory)
  const total = (chosen: typeof rows) => chosen.reduce((sum, { memory }) => sum + memory, 0)
  const shop = total(rows.filter(({ namespace }) => namespace === 'shop'))
  const stack = total(rows) - shop
  for (const line of table(rows.map(({ namespace, pod, memory }) => [namespace, pod, `${memory} MiB`])).split('\n'))
    t.diagnostic(line)
  t.diagnostic(`shop ${shop} MiB, stack ${stack} MiB`)
  assert.ok(rows.length > 10)
  assert.ok(shop < 700 && stack < 2048)
})
