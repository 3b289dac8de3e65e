import { run } from './command.ts'
import { paint } from './terminal.ts'

interface ContainerStatus {
  name: string
  ready: boolean
  restartCount: number
  state: { waiting?: { reason: string; message?: string }; terminated?: { reason: string; exitCode: number } }
  lastState: { terminated?: { reason: string; exitCode: number } }
}

export interface Pod {
  metadata: {
    name: string
    uid: string
    deletionTimestamp?: string
    labels?: Record<string, string>
    ownerReferences?: { kind: string; name: string }[]
  }
  status: {
    phase: string
    conditions?: { type: string; status: string; reason?: string; message?: string }[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
  }
}

/** Whether a pod does its work, or has done it. */
export const isWell = ({ status }: Pod): boolean =>
  status.phase === 'Succeeded' ||
  (status.phase === 'Running' && (status.containerStatuses ?? []).every(({ ready }) => ready))

const indent = (text: string): string => text.replace(/^/gm, '    ')

function describeContainer({ name, state, lastState, restartCount }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state
  const before = lastState.terminated
  const now = waiting
    ? `${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}`
    : terminated && terminated.exitCode !== 0
      ? `${terminated.reason}, exit code ${terminated.exitCode}`
      : undefined
  if (!now && restartCount === 0) return
  const past = before
    ? ` (restarted ${restartCount} times; before: ${before.reason}, exit code ${before.exitCode})`
    : ''
  return `  container ${name}: ${now ?? 'running'}${past}`
}

/**
 * Says why pods of a namespace are not well: for each its containers' states, its warnings and its last log lines.
 * Without such a pod, the namespace's latest warnings (a quota, a webhook, a volume).
 */
export async function diagnose(context: string, namespace: string): Promise<string> {
  const kubectl = (...args: string[]) =>
    run('kubectl', ['--context', context, '-n', namespace, '--request-timeout=10s', ...args])
  const events = async (...selector: string[]) => {
    const columns =
      'custom-columns=KIND:.involvedObject.kind,OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message'
    const field = ['type=Warning', ...selector].join(',')
    const { code, stdout } = await kubectl(
      'get',
      'events',
      `--field-selector=${field}`,
      '--sort-by=.lastTimestamp',
      '--no-headers',
      '-o',
      columns,
    )
    return code === 0 ? stdout.split('\n').filter(Boolean).slice(-8).join('\n') : ''
  }

  const { code, stdout, output } = await kubectl('get', 'pods', '-o', 'json')
  if (code !== 0) return `The cluster does not answer: ${output}`
  const sick = (JSON.parse(stdout).items as Pod[]).filter((pod) => !isWell(pod))
  const sections = await Promise.all(
    sick.map(async (pod) => {
      const { name } = pod.metadata
      const containers = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]
      const unscheduled = pod.status.conditions?.find(
        ({ type, status }) => type === 'PodScheduled' && status === 'False',
      )
      const lines = [paint('bold', `pod ${namespace}/${name}: ${pod.status.phase}`)]
      if (unscheduled?.message) lines.push(`  not scheduled: ${unscheduled.message}`)
      lines.push(...containers.map(describeContainer).filter((line) => line !== undefined))
      const warnings = await events(`involvedObject.name=${name}`)
      if (warnings) lines.push('  events:', indent(warnings))
      for (const container of containers) {
        if (container.ready || container.state.terminated?.exitCode === 0) continue
        const previous = container.restartCount > 0 && !container.state.terminated ? ['--previous'] : []
        const logs = await kubectl('logs', name, '-c', container.name, '--tail=15', ...previous)
        if (logs.code === 0 && logs.stdout) lines.push(`  last lines of ${container.name}:`, indent(logs.stdout))
      }
      return lines.join('\n')
    }),
  )
  if (sections.length > 0) return sections.join('\n\n')
  const warnings = await events()
  return warnings ? `Latest warnings in ${namespace}:\n${indent(warnings)}` : `All pods of ${namespace} are well.`
}
