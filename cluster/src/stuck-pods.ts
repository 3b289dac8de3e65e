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
 * Deletes a pod for which its StatefulSet has another template by now: it would wait for the old one to be ready first, for ever
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
 */
async function deleteOutdated(kubectl: string[], { metadata }: Pod): Promise<boolean> {
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'StatefulSet')
  if (!owner) return false
  const revision = ['get', 'statefulset', owner.name, '-o', 'jsonpath={.status.updateRevision}']
  const { code, stdout } = await run('kubectl', [...kubectl, ...revision])
  if (code !== 0 || stdout === metadata.labels?.['controller-revision-hash']) return false
  return (await run('kubectl', [...kubectl, 'delete', 'pod', metadata.name, '--wait=false'])).code === 0
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
      if (!reason || (await deleteOutdated(kubectl, pod))) continue
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
