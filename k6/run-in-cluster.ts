import { setTimeout as delay } from 'node:timers/promises'
import { read, run } from '../cluster/src/command.ts'
import { diagnose } from '../cluster/src/diagnosis.ts'
import { type JobOptions, jobManifests, jobName } from './job.ts'

export interface ClusterRun extends Omit<JobOptions, 'prometheus'> {
  /** The name of a kind cluster with the shop. */
  cluster: string
  onLine(line: string): void
  /** Ends the run early. */
  signal: AbortSignal
}

const namespace = 'shop'
/** As kube-prometheus-stack names it. */
const prometheus = { namespace: 'monitoring', service: 'kube-prometheus-stack-prometheus', port: 9090 }

/** How long the image may take to come, in seconds. */
const patience = 300

const ended = ['Succeeded', 'Failed']

/**
 * Runs k6 as a Job beside the shop, and takes the Job away when it is over.
 *
 * @returns 0 where k6 ran to its end, whatever it found
 * @throws Error where Kubernetes takes no Job, or its pod does not start
 */
export async function runInCluster({ cluster, onLine, signal, ...job }: ClusterRun): Promise<number> {
  const context = `kind-${cluster}`
  const kubectl = (...args: string[]) => ['--context', context, '--namespace', namespace, ...args]
  const remove = () =>
    read('kubectl', kubectl('delete', `job/${jobName}`, `configmap/${jobName}`, '--ignore-not-found'))
  const phase = () =>
    read(
      'kubectl',
      kubectl('get', 'pods', `--selector=job-name=${jobName}`, '--output=jsonpath={.items[*].status.phase}'),
    )

  const { namespace: stack, service, port } = prometheus
  const proxied = `/api/v1/namespaces/${stack}/services/http:${service}:${port}/proxy/-/ready`
  const { code } = await run('kubectl', ['--context', context, 'get', '--raw', proxied])
  const manifests = jobManifests({ ...job, prometheus: code === 0 ? `http://${service}.${stack}:${port}` : undefined })

  await remove()
  try {
    for (const manifest of Object.values(manifests))
      await read('kubectl', kubectl('create', '--filename=-'), { input: JSON.stringify(manifest) })
    const until = Date.now() + patience * 1000
    while (!['Running', ...ended].includes(await phase())) {
      if (signal.aborted) return 1
      if (Date.now() > until) throw new Error(`The pod of k6 has not started.\n${await diagnose(context, namespace)}`)
      await delay(500)
    }
    const { code, output } = await run('kubectl', kubectl('logs', '--follow', `job/${jobName}`), { onLine, signal })
    if (code !== 0 && !signal.aborted) throw new Error(`kubectl logs ended with ${code}:\n${output.slice(-1000)}`)
    return code
  } finally {
    await remove()
  }
}
