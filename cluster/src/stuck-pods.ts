import { setTimeout as delay } from 'node:timers/promises'
import { run } from './command.ts'
import type { Pod } from './diagnosis.ts'

/** Why a container does not start, where only a change to its pod, its image or its Secrets helps. A crash is none: it may mend itself. */
const lasting = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
])

/** How long a pod may be in such a state: a Secret or a node's room may come a moment later, and a pull is repeated after 10 and 20 s. */
const patienceMs = 30_000
const intervalMs = 2000

/** Why a pod cannot start as things are, or undefined. */
export function whyStuck({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp) return
  if (status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable'))
    return 'Unschedulable'
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    .map(({ state }) => state.waiting?.reason)
    .find((reason) => reason && lasting.has(reason))
}

/**
 * Whether its Deployment or StatefulSet has another template by now, so that the pod tells nothing of what is being rolled out.
 * A Deployment takes it away by itself once a new one is ready.
 */
async function isOutdated(kubectl: string[], { metadata }: Pod): Promise<boolean> {
  const owner = metadata.ownerReferences?.[0]
  const read = async (kind: string, name: string, path: string) =>
    (await run('kubectl', [...kubectl, 'get', kind, name, '-o', `jsonpath={${path}}`])).stdout
  if (owner?.kind === 'StatefulSet') {
    const revision = await read('statefulset', owner.name, '.status.updateRevision')
    return revision !== '' && revision !== metadata.labels?.['controller-revision-hash']
  }
  if (owner?.kind !== 'ReplicaSet') return false
  const revision = '.metadata.annotations.deployment\\.kubernetes\\.io/revision'
  const deployment = await read('replicaset', owner.name, '.metadata.ownerReferences[0].name')
  const [own, newest] = await Promise.all([
    read('replicaset', owner.name, revision),
    read('deployment', deployment, revision),
  ])
  return newest !== '' && own !== newest
}

/**
 * Lets a pod go that a rollout replaces, and says whether it is one. A StatefulSet would wait for it to be ready first, for ever
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
 */
async function letGoIfReplaced(kubectl: string[], pod: Pod): Promise<boolean> {
  if (!(await isOutdated(kubectl, pod))) return false
  if (pod.metadata.ownerReferences?.[0]?.kind !== 'StatefulSet') return true
  return (await run('kubectl', [...kubectl, 'delete', 'pod', pod.metadata.name, '--wait=false'])).code === 0
}

/** The pods of a step: those of a namespace, or of one release in it, whose name all of its pods' names contain. */
export interface StepPods {
  context: string
  namespace: string
  release?: string
}

/**
 * Watches a step's pods, and gives the names of those that could not start for half a minute, with the reason.
 * Gives none when `ended` comes first.
 */
export async function untilStuck(
  { context, namespace, release = '' }: StepPods,
  ended: AbortSignal,
): Promise<string[]> {
  const kubectl = ['--context', context, '-n', namespace, '--request-timeout=10s']
  let since = new Map<string, number>()
  while (!ended.aborted) {
    const stuck: string[] = []
    const seen = new Map<string, number>()
    const { code, stdout } = await run('kubectl', [...kubectl, 'get', 'pods', '-o', 'json'])
    const pods: Pod[] = code === 0 ? JSON.parse(stdout).items : [] // the API server may not be there yet
    for (const pod of pods.filter(({ metadata }) => metadata.name.includes(release))) {
      const reason = whyStuck(pod)
      if (!reason || (await letGoIfReplaced(kubectl, pod))) continue
      const { uid, name } = pod.metadata
      const first = since.get(uid) ?? performance.now()
      seen.set(uid, first)
      if (performance.now() - first >= patienceMs) stuck.push(`${namespace}/${name} (${reason})`)
    }
    if (stuck.length > 0) return stuck
    since = seen
    await delay(intervalMs, undefined, { signal: ended }).catch(() => {})
  }
  return []
}
