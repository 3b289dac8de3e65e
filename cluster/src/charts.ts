import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { logFolder, runStep, type Step } from './step.ts'

export interface UpstreamChart {
  name: string
  /** The release's name, where it is not the chart's. */
  release?: string
  namespace: string
  repository: string
  version: string
}

const root = new URL('../../', import.meta.url)

/** The charts of observability-values/charts.yaml in the order in which they are installed. */
export const upstreamCharts: UpstreamChart[] = parse(
  readFileSync(new URL('observability-values/charts.yaml', root), 'utf8'),
)

const upgrade = (context: string, release: string, namespace: string): [string, ...string[]] => [
  'helm',
  'upgrade',
  '--install',
  release,
  '--kube-context',
  context,
  '--namespace',
  namespace,
  '--create-namespace',
  '--wait',
  '--timeout',
  '5m',
]

/**
 * The step that installs an upstream chart, or brings an installed one to the pinned version and values. The chart is downloaded once,
 * into a folder, so that later runs need no network.
 */
export function installUpstream(context: string, chart: UpstreamChart, folder = join(logFolder, 'charts')): Step {
  const { name, release = name, namespace, repository, version } = chart
  const archive = join(folder, `${name}-${version}.tgz`)
  const pull: Step['commands'] = [
    ['helm', 'pull', name, '--repo', repository, '--version', version, '--destination', folder],
  ]
  const values = fileURLToPath(new URL(`observability-values/${name}.yaml`, root))
  return {
    title: `Install ${name} ${version}`,
    commands: [
      ...(existsSync(archive) ? [] : pull),
      [...upgrade(context, release, namespace), archive, '--values', values],
    ],
    cluster: { context, namespace, release },
  }
}

/** The step that installs charts/observability: what the shop itself adds to the stack. */
function installObservability(context: string): Step {
  const chart = fileURLToPath(new URL('charts/observability', root))
  return {
    title: 'Install charts/observability',
    commands: [[...upgrade(context, 'observability', 'monitoring'), chart]],
    cluster: { context, namespace: 'monitoring', release: 'observability' },
    attempts: 5, // the Jaeger operator's webhook has no certificate in the first seconds
  }
}

/** The step that creates the shop's namespace with its Pod Security. */
function createNamespaces(context: string): Step {
  const file = fileURLToPath(new URL('cluster/namespaces.yaml', root))
  return {
    title: 'Create the namespaces',
    commands: [['kubectl', '--context', context, 'apply', '--server-side', '-f', file]],
    attempts: 5, // the API server of a cluster that just started
  }
}

/** Installs everything that the shop stands on: its namespace, the upstream charts and charts/observability. */
export async function installStack(context: string): Promise<void> {
  await runStep(createNamespaces(context))
  for (const chart of upstreamCharts) await runStep(installUpstream(context, chart))
  await runStep(installObservability(context))
}
