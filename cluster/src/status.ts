import { readClusterOption } from './cluster-option.ts'
import { clusterState } from './kind-cluster.ts'
import { shopStatus } from './shop-status.ts'

const usage = `Usage: make status   or   node cluster/src/status.ts [--cluster NAME]

Shows the pods of the shop and its stack, why any of them is not well, which addresses answer, and whether Prometheus reaches its targets
and Grafana its dashboards and datasources. Ends with 1 when something is wrong.
`

async function main(): Promise<number> {
  const cluster = readClusterOption(usage)
  if (!cluster) return 0
  const state = await clusterState(cluster)
  if (state !== 'running') {
    process.stdout.write(`The cluster ${cluster} is ${state}. Run: make up\n`)
    return 1
  }
  const { well, text } = await shopStatus(`kind-${cluster}`)
  process.stdout.write(`${text}\n`)
  return well ? 0 : 1
}

process.exitCode = await main()
