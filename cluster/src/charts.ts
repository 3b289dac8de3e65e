import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { run } from './command.ts'
import { logFolder, runStep, type Step } from './step.ts'

/** What the shop can stand on; observability-values has the charts of the first, its folder `modern` those of the second. */
export const stacks = ['classic', 'modern'] as const
export type Stack = (typeof stacks)[number]

export interface UpstreamChart {
  name: string
  /** The file of its values, from the root of the checkout. */
  values: string
  /** The release's name, where it is not the chart's. */
  release?: string
  namespace: string
  repository: string
  version: string
}

const root = new URL('../../', import.meta.url)

type Entry = Omit<UpstreamChart, 'values'> & { values?: string }

const read = (folder: string): (Entry | string)[] => parse(readFileSync(new URL(`${folder}/charts.yaml`, root), 'utf8'))

const charted = (folder: string, { values, ...entry }: Entry): UpstreamChart => ({
  ...entry,
  values: `${folder}/${values ?? entry.name}.yaml`,
})

const classic = (read('observability-values') as Entry[]).map((entry) => charted('observability-values', entry))

/** A name alone is a chart that both have. */
const modern = read('observability-values/modern').map((entry) =>
  typeof entry === 'string'
    ? classic.find(({ name }) => name === entry)!
    : charted('observability-values/modern', entry),
)

/** The upstream charts of each stack in the order in which they are installed. */
export const upstreamCharts: Record<Stack, UpstreamChart[]> = { classic, modern }

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
  const { name, release = name, namespace, repository, version, values } = chart
  const archive = join(folder, `${name}-${version}.tgz`)
  const pull: Step['commands'] = [
    ['helm', 'pull', name, '--repo', repository, '--version', version, '--destination', folder],
  ]
  return {
    title: `Install ${basename(values, '.yaml')} ${version}`,
    commands: [
      ...(existsSync(archive) ? [] : pull),
      [...upgrade(context, release, namespace), archive, '--values', fileURLToPath(new URL(values, root))],
    ],
    cluster: { context, namespace, release },
  }
}

/** The step that installs charts/observability: what the shop itself adds to the stack. */
function installObservability(context: string, stack: Stack): Step {
  const file = (path: string) => fileURLToPath(new URL(path, root))
  const own = stack === 'modern' ? ['--values', file('observability-values/modern/observability.yaml')] : []
  return {
    title: 'Install charts/observability',
    commands: [[...upgrade(context, 'observability', 'monitoring'), file('charts/observability'), ...own]],
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
export async function installStack(context: string, stack: Stack): Promise<void> {
  await runStep(createNamespaces(context))
  for (const chart of upstreamCharts[stack]) await runStep(installUpstream(context, chart))
  await runStep(installObservability(context, stack))
}

/** The stack that a cluster has, by the releases that only one of them makes; undefined where there is none of these. */
export async function installedStack(context: string): Promise<Stack | undefined> {
  const { code, stdout } = await run('helm', [
    'list',
    '--all-namespaces',
    '--kube-context',
    context,
    '--output',
    'json',
  ])
  if (code !== 0) return undefined
  const installed: string[] = JSON.parse(stdout).map(({ chart }: { chart: string }) => chart)
  return stacks.find((stack) =>
    upstreamCharts[stack].some(
      (chart) =>
        stacks.every((other) => other === stack || !upstreamCharts[other].includes(chart)) &&
        installed.some((release) => new RegExp(`^${chart.name}-v?\\d`).test(release)),
    ),
  )
}
