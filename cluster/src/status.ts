import { parseArgs } from 'node:util'
import { addresses } from './addresses.ts'
import { read } from './command.ts'
import { diagnose, isWell, type Pod } from './diagnosis.ts'
import { clusterState, kindConfig } from './kind-cluster.ts'
import { paint, table } from './terminal.ts'

const usage = `Usage: make status   or   node cluster/src/status.ts [--cluster NAME]

Shows the pods of the shop and its stack, why any of them is not well, and which addresses answer. Ends with 1 when something is wrong.
`

const namespaces = ['shop', 'monitoring', 'observability']

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cluster: { type: 'string', default: kindConfig.name },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const state = await clusterState(values.cluster)
  if (state !== 'running') {
    process.stdout.write(`The cluster ${values.cluster} is ${state}. Run: make up\n`)
    return 1
  }
  const context = `kind-${values.cluster}`
  let well = true
  const rows = [['namespace', 'pod', 'state', 'restarts'].map((title) => paint('bold', title))]
  const reasons: string[] = []
  for (const namespace of namespaces) {
    const pods: Pod[] = JSON.parse(
      await read('kubectl', ['--context', context, '-n', namespace, 'get', 'pods', '-o', 'json']),
    ).items
    for (const pod of pods) {
      const restarts = (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0)
      rows.push([
        namespace,
        pod.metadata.name,
        isWell(pod) ? paint('green', pod.status.phase) : paint('red', `${pod.status.phase}, not ready`),
        String(restarts),
      ])
    }
    if (pods.every(isWell)) continue
    well = false
    reasons.push(await diagnose(context, namespace))
  }
  process.stdout.write(`${[table(rows), ...reasons].join('\n\n')}\n\n`)
  const reachable = await Promise.all(addresses.map(({ url, probe }) => answers(url + probe)))
  const lines = addresses.map(({ name, url, note }, index) => [
    reachable[index] ? paint('green', 'answers') : paint('red', 'silent'),
    name,
    url,
    note,
  ])
  process.stdout.write(`${table(lines)}\n`)
  return well && reachable.every(Boolean) ? 0 : 1
}

process.exitCode = await main()
