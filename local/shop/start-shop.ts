import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlagStore } from '@hello/faults/flag-store'
import { flagsInFile, resetFlags } from '@hello/faults/flags-file'
import type { Receivers } from '@hello/monitoring/alertmanager'
import { removePostgresData } from '@hello/postgres/server'
import { startTied } from '@hello/processes/tied-process'
import { type OperatorName, type ServiceName, services } from '@hello/shop/services'
import type { ProcessState } from '@hello/signals-api/process'
import { planHealer } from '../healer/shop-healer.ts'
import type { Supervised } from '../processes/supervisor.ts'
import { planSignIn } from '../sign-in/shop-sign-in.ts'
import { type Plan, type PlanOptions, planShop, urlsOf } from './plan.ts'
import { untilReady } from './readiness.ts'
import { asPeopleSay, serviceProgram } from './service-program.ts'
import { startShopDatabase } from './shop-database.ts'
import { createShopOutput } from './shop-output.ts'
import { startShopSignals } from './shop-signals.ts'
import { createShopLogs, startShopStack } from './shop-stack.ts'
import { createShopWatch } from './shop-watch.ts'
import { missingPrograms, type StackUrls, stackUrls } from './stack-urls.ts'

export interface ShopOptions extends PlanOptions {
  /** Where PostgreSQL keeps its data; a temporary folder, removed by `stop`, when left out. */
  dataDir?: string
  /** Whether commits wait for the disk; without, data survives every process but not the machine. */
  durable?: boolean
  /** Whether memory matters more than speed, as on a laptop that also runs an editor and a browser. */
  smallMemory?: boolean
  /** More environment for every service. */
  env?: Record<string, string>
  /** Whom the stack's Alertmanager tells; nobody when left out. */
  receivers?: Partial<Receivers>
  /**
   * How many times faster the stack's time runs, for tests that cannot wait as long as its rules do; 1 when left out. Scrapes,
   * evaluations, every duration of the rules and Alertmanager's times are shorter by so much, and recorded series are named for the
   * windows that they then have (@hello/monitoring/time-scale); the services' own time runs as ever.
   */
  timeScale?: number
  /** Gets each line of each process. Without it and without signals the services write to files: that costs nobody's time. */
  onLine?(name: string, line: string): void
  /** What the supervisor does, in sentences. */
  onEvent?(text: string): void
  /** The state of a process has changed. */
  onProcess?(state: ProcessState): void
}

export interface ShopProcess {
  service: ServiceName | OperatorName | 'postgres'
  name: string
  /** Undefined while it is down. */
  pid: number | undefined
  /** Without a running process nothing happens. */
  kill(signal: NodeJS.Signals): void
  /** Ends it; it is not started again. */
  stop(): Promise<void>
}

export interface Shop {
  /** Base URLs by service, of the first replica; `signals` where there are signals. */
  urls: Record<ServiceName, string> & { signals?: string; otlp?: string; healer?: string }
  /** Base URLs of the management ports, of every replica. */
  managementUrls: { name: string; url: string }[]
  /** Base URLs of what runs of the stack. */
  stackUrls: StackUrls
  /** The flags of the faults; `keepFault` of @hello/faults sets one. */
  faults: FlagStore
  /** Programs of the stack that are not on this machine. */
  stackMissing: string[]
  processes(): ShopProcess[]
  /** Base URLs of all replicas of a service. */
  urlsOf(service: ServiceName): string[]
  /** postgres:// URL of a service's database. */
  databaseUrl(service: ServiceName): string
  /**
   * Resolves when every process runs and is ready; `onReady` gets each name as it is.
   *
   * @throws Error naming the first that is not within four minutes, with its last lines where they are in a file
   */
  ready(onReady?: (name: string) => void): Promise<void>
  /** Ends every process and frees every port. */
  stop(): Promise<void>
}

/** Stops those of the parts that have started. */
async function stopAll(parts: Promise<{ stop(): Promise<void> } | undefined>[]) {
  const outcomes = await Promise.allSettled(parts)
  await Promise.all(outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value?.stop()))
}

function urlsByService(plan: Plan, signals: { api: string; otlpGrpc: string } | undefined): Shop['urls'] {
  const first = (service: string) => urlsOf(plan, service)[0] ?? ''
  return {
    ...(Object.fromEntries(services.map(({ name }) => [name, first(name)])) as Record<ServiceName, string>),
    frontend: asPeopleSay(first('frontend')),
    ...(first('healer') && { healer: first('healer') }),
    ...(signals && { signals: signals.api, otlp: signals.otlpGrpc }),
  }
}

const asProcess = (service: ShopProcess['service'], { name, pid, kill, stop }: Supervised): ShopProcess => ({
  service,
  name,
  pid,
  kill,
  stop,
})

/**
 * Runs the whole shop on this machine: PostgreSQL, the services and what watches them. What crashes is started again.
 *
 * @throws Error when PostgreSQL, the signals or the stack cannot be started; nothing is left running then
 */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const { env = {}, durable = true, smallMemory = false, onLine, onEvent = () => {}, onProcess = () => {} } = options
  const dataDir = options.dataDir ?? join(tmpdir(), `hello-shop-${randomUUID()}`)
  const databaseDir = join(dataDir, 'postgres')
  const faultsFile = join(dataDir, 'faults.json')
  const plan = await planShop(options)
  await resetFlags(faultsFile)
  const watch = createShopWatch({ onEvent, onProcess })
  const logs = createShopLogs(plan, dataDir)
  const listeners = [onLine, logs?.write].filter((listener) => listener !== undefined)
  const output = createShopOutput({ folder: dataDir, listeners, kept: plan.signals !== undefined })
  if (output.inFiles) await mkdir(dataDir, { recursive: true })

  // What needs no database starts beside it.
  const log = (line: string) => output.tell('postgres', line)
  const database = startShopDatabase({ plan, dataDir: databaseDir, durable, smallMemory, log }, watch)
  const signals = startShopSignals(plan, watch, output)
  const databaseUrlOf = async (name: string) => (await database).url(name)
  const healer = planHealer(plan)
  const signIn = planSignIn(plan)
  const provider = signIn?.start()
  const receivers = { ...options.receivers, ...(healer && { healer: healer.webhook }) }
  const { timeScale } = options
  const running = plan.replicas.map(async (replica) => {
    const { name, definition } = replica
    const isHealer = definition.name === 'healer'
    // The healer ends sessions in every database.
    const database = isHealer ? 'postgres' : definition.name
    const databaseUrl = definition.database || isHealer ? await databaseUrlOf(database) : undefined
    const program = serviceProgram(replica, {
      ...{ plan, databaseUrl, smallMemory, faultsFile, env },
      own: isHealer ? healer?.env : signIn?.env[definition.name],
    })
    return watch.keepRunning(name, () => startTied({ ...program, output: output.of(name) }))
  })
  async function servicesReady(onReady?: (name: string) => void) {
    await Promise.all(running)
    await Promise.all(
      plan.replicas.map(async ({ name, managementUrl }) => {
        await untilReady(name, `${managementUrl}/readyz`, output.fileOf(name))
        onReady?.(name)
      }),
    )
  }
  const stack = startShopStack(
    { plan, dataDir, databaseUrl: () => databaseUrlOf('postgres'), receivers, timeScale, servicesReady },
    watch,
  )

  // What the healer may restart: the shop's services, and neither itself nor what keeps the data.
  const restartable = new Map<string, Supervised>()
  plan.replicas.forEach(({ name, definition }, index) => {
    if (definition.name !== 'healer')
      running[index]!.then(
        (one) => restartable.set(name, one),
        () => {},
      )
  })
  const control = healer?.start(() => [...restartable.values()])

  async function stop() {
    await stopAll([control, provider].filter((one) => one !== undefined))
    await stopAll(running)
    await stopAll([signals, stack])
    await stopAll([database])
    logs?.close()
    await resetFlags(faultsFile)
    if (options.dataDir !== undefined) return
    await removePostgresData(databaseDir)
    await rm(dataDir, { recursive: true, force: true })
  }

  const outcomes = await Promise.allSettled([database, signals, stack, control, provider, ...running])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const { url: databaseUrl, supervised: server } = await database
  const supervised = await Promise.all(running)
  return {
    urls: urlsByService(plan, (await signals)?.addresses),
    managementUrls: plan.replicas.map(({ name, managementUrl }) => ({ name, url: managementUrl })),
    faults: flagsInFile(faultsFile),
    stackUrls: plan.stack ? stackUrls(plan.stack) : {},
    stackMissing: plan.stack ? missingPrograms(plan.stack) : [],
    urlsOf: (service) => urlsOf(plan, service),
    databaseUrl,
    stop,
    processes: () => [
      ...plan.replicas.map(({ definition }, index) => asProcess(definition.name, supervised[index]!)),
      asProcess('postgres', server),
    ],
    async ready(onReady = () => {}) {
      await Promise.all([servicesReady(onReady), (await stack)?.ready(onReady)])
    },
  }
}
