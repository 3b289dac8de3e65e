import { setTimeout as delay } from 'node:timers/promises'
import { addresses } from './addresses.ts'
import { upstreamCharts } from './charts.ts'
import { read } from './command.ts'
import { diagnose, isWell, type Pod } from './diagnosis.ts'
import { checkGrafana, checkTargets } from './signal-checks.ts'
import { untilStuck } from './stuck-pods.ts'
import { paint, table } from './terminal.ts'

/** The shop's, and those of either stack with its operators. */
const namespaces = [
  ...new Set([
    'shop',
    ...Object.values(upstreamCharts)
      .flat()
      .map(({ namespace }) => namespace),
  ]),
]

export interface Status {
  /** Whether every pod is ready, every address answers, and Prometheus and Grafana have what they show. */
  well: boolean
  /** For people: the pods, why any of them is not well, and what answers. */
  text: string
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function list<T>(context: string, namespace: string, kind: string): Promise<T[]> {
  return JSON.parse(await read('kubectl', ['--context', context, '-n', namespace, 'get', kind, '-o', 'json'])).items
}

/** Looks once at all that runs in a cluster. Throws where its API server does not answer. */
export async function shopStatus(context: string): Promise<Status> {
  let well = true
  const rows = [['namespace', 'pod', 'state', 'restarts'].map((title) => paint('bold', title))]
  const reasons: string[] = []
  for (const namespace of namespaces) {
    const pods = await list<Pod>(context, namespace, 'pods')
    for (const pod of pods) {
      const restarts = (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0)
      const state = isWell(pod) ? paint('green', pod.status.phase) : paint('red', `${pod.status.phase}, not ready`)
      rows.push([namespace, pod.metadata.name, state, String(restarts)])
    }
    if (pods.every(isWell)) continue
    well = false
    reasons.push(await diagnose(context, namespace))
  }
  const lines = await Promise.all(
    addresses.map(async ({ name, url, probe, note }) => {
      const answering = await answers(url + probe)
      well &&= answering
      return [answering ? paint('green', 'answers') : paint('red', 'silent'), name, url, note]
    }),
  )
  const monitors = (await list<Pod>(context, 'shop', 'servicemonitors')).map(({ metadata }) => `shop/${metadata.name}`)
  for (const { name, fault, found } of (await Promise.all([checkTargets(monitors), checkGrafana()])).flat()) {
    well &&= !fault
    lines.push([fault ? paint('red', 'wrong') : paint('green', 'well'), name, fault ?? found, ''])
  }
  return { well, text: [table(rows), ...reasons, table(lines)].join('\n\n') }
}

/** Looks again until all is well, for so long or until a pod cannot start, and gives what it saw last. */
export async function untilWell(context: string, limitMs: number): Promise<Status> {
  const ended = new AbortController()
  let stuck = false
  const watching = namespaces.map(async (namespace) => {
    stuck ||= (await untilStuck({ context, namespace }, ended.signal)).length > 0
  })
  const deadline = performance.now() + limitMs
  let status = await shopStatus(context)
  while (!status.well && !stuck && performance.now() < deadline) {
    await delay(2000)
    status = await shopStatus(context)
  }
  ended.abort()
  await Promise.all(watching)
  return status
}
