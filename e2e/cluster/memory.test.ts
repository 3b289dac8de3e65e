import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from '@hello/cluster/terminal'
import { query } from './shop-cluster.ts'

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2)

test('the shop with its database stays under 700 MiB at rest, its stack without Grafana under 2 GiB', async (t) => {
  const pods = await query(
    'sum by (namespace, pod) (container_memory_working_set_bytes{namespace=~"shop|monitoring|observability|cert-manager", container!=""})',
  )
  const rows = pods
    .map(({ metric, value }) => ({
      namespace: metric.namespace!,
      pod: metric.pod!,
      memory: mebibytes(Number(value[1])),
    }))
    .filter(({ pod }) => !pod.includes('grafana'))
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
