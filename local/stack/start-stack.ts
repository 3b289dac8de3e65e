import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Receivers } from '@hello/monitoring/alertmanager'
import { type Names, ownNames } from '@hello/monitoring/names'
import { startTied } from '@hello/processes/tied-process'
import type { Supervised } from '../processes/supervisor.ts'
import type { StackProgramName } from '../shop/designed-ports.ts'
import type { Plan, StackPlan } from '../shop/plan.ts'
import { untilReady } from '../shop/readiness.ts'
import type { ShopWatch } from '../shop/shop-watch.ts'
import { alertmanager } from './alertmanager.ts'
import { nodeExporter, postgresExporter } from './exporters.ts'
import { grafana } from './grafana.ts'
import { jaeger } from './jaeger.ts'
import { loki } from './loki.ts'
import { prometheus } from './prometheus.ts'
import { promtail } from './promtail.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

export interface StackOptions {
  plan: Plan
  /** Folder of its files and data, with one for each program. */
  folder: string
  /** Of a database of the shop's server. */
  databaseUrl: () => Promise<string>
  /** Who is told of alerts; nobody when left out. */
  receivers?: Partial<Receivers> | undefined
  /** How many times faster than the cluster's its time runs; 1 when left out. */
  timeScale?: number | undefined
  /** Resolves when the shop's services are ready. */
  servicesReady: () => Promise<unknown>
}

function namesOf({ ports }: StackPlan): Names {
  const at = (port: number) => `http://localhost:${port}`
  return {
    ...ownNames,
    grafana: at(ports.grafana.http),
    prometheus: { ...ownNames.prometheus, url: at(ports.prometheus.http) },
    loki: { ...ownNames.loki, url: at(ports.loki.http) },
    jaeger: { ...ownNames.jaeger, url: at(ports['jaeger-all-in-one'].http) },
  }
}

type Describe = (surroundings: StackSurroundings, options: StackOptions) => StackProgram | Promise<StackProgram>

const descriptions: Record<StackProgramName, Describe> = {
  prometheus: async (surroundings, { servicesReady }) => {
    // Services start in their own time, and would be down by the rules' faster one.
    if (surroundings.timeScale !== 1) await servicesReady()
    return prometheus(surroundings)
  },
  alertmanager: (surroundings, { receivers }) => alertmanager(surroundings, receivers),
  loki,
  promtail,
  'jaeger-all-in-one': jaeger,
  grafana,
  postgres_exporter: async (surroundings, { databaseUrl }) => postgresExporter(surroundings, await databaseUrl()),
  node_exporter: nodeExporter,
}

/** Writes what a program reads, in the place of what an earlier start left. */
async function writeFiles(folder: string, files: Record<string, string>) {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

/**
 * Starts those programs of the cluster's stack that are on this machine, set as in the cluster.
 *
 * @throws Error when one cannot be started; nothing of it is left running then
 */
export async function startStack(options: StackOptions, watch: ShopWatch) {
  const { plan, folder, timeScale = 1 } = options
  const stack = plan.stack!
  const names = namesOf(stack)
  const logOf = (name: string) => join(folder, name, 'output.log')

  async function startProgram(name: StackProgramName, command: string) {
    const own = join(folder, name)
    const surroundings = { plan, stack, names, folder: own, timeScale }
    const { args, env, files = {}, readyUrl } = await descriptions[name](surroundings, options)
    await rm(join(own, 'rules'), { recursive: true, force: true })
    await mkdir(own, { recursive: true })
    await writeFiles(own, files)
    await rm(logOf(name), { force: true })
    const supervised = await watch.keepRunning(name, () =>
      startTied({
        command,
        args,
        cwd: own,
        env: { ...process.env, ...env },
        stopSignals: ['SIGTERM', 'SIGKILL'],
        stopTimeout: 5000,
        output: { file: logOf(name) },
      }),
    )
    return { supervised, readyUrl }
  }

  const starting = Object.entries(stack.programs).map(([name, path]) => startProgram(name as StackProgramName, path))
  const outcomes = await Promise.allSettled(starting)
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const stop = async () => void (await Promise.all(started.map(({ supervised }) => supervised.stop())))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return {
    supervised: started.map(({ supervised }): Supervised => supervised),
    stop,
    async ready(onReady: (name: string) => void) {
      await Promise.all(
        started.map(async ({ supervised: { name }, readyUrl }) => {
          await untilReady(name, readyUrl, logOf(name))
          onReady(name)
        }),
      )
    },
  }
}
