import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { addressVariable, type ServiceName, services } from '@hello/shop/services'
import { type Postgres, removePostgresData, startPostgres } from '../postgres/postgres.ts'
import { checkout } from '../processes/checkout.ts'
import { nodeMemory } from '../processes/node-memory.ts'
import { freePort } from '../processes/ports.ts'
import { type ProcessState, type Supervised, supervise } from '../processes/supervisor.ts'
import { startTied } from '../processes/tied-process.ts'
import { postgresPort } from './designed-ports.ts'
import { type Plan, planReplicas, planSignals, type Replica } from './plan.ts'

export interface ShopOptions extends Plan {
  /** Where PostgreSQL keeps its data; a temporary folder, removed by `stop`, when left out. */
  dataDir?: string
  /** Whether commits wait for the disk; without, data survives every process but not the machine. */
  durable?: boolean
  /** Whether memory matters more than speed, as on a laptop that also runs an editor and a browser. */
  smallMemory?: boolean
  /** More environment for every service. */
  env?: Record<string, string>
  /** Gets each line of each process. Without it and without signals the services write to files: that costs nobody's time. */
  onLine?(name: string, line: string): void
  /** What the supervisor does, in sentences. */
  onEvent?(text: string): void
  /** The state of a process has changed. */
  onProcess?(state: ProcessState): void
}

export interface ShopProcess {
  service: ServiceName | 'postgres'
  name: string
  /** Undefined while it is down. */
  pid: number | undefined
  /** Without a running process nothing happens. */
  kill(signal: NodeJS.Signals): void
}

export interface Shop {
  /** Base URLs by service, of the first replica; `signals` where there are signals. */
  urls: Record<ServiceName, string> & { signals?: string; otlp?: string }
  /** Base URLs of the management ports, of every replica. */
  managementUrls: { name: string; url: string }[]
  processes(): ShopProcess[]
  /** Base URLs of all replicas of a service. */
  urlsOf(service: ServiceName): string[]
  /** postgres:// URL of a service's database. */
  databaseUrl(service: ServiceName): string
  /**
   * Resolves when every process runs and is ready; `onReady` gets each name as it is.
   *
   * @throws Error naming the first that is not within a minute, with its last lines where they are in a file
   */
  ready(onReady?: (name: string) => void): Promise<void>
  /** Ends every process and frees every port. */
  stop(): Promise<void>
}

const readyTimeout = 60_000
const stopTimeout = 5000
const logTail = 4000

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/** A page's origin names the host as people do. */
const asPeopleSay = (url: string) => url.replace('127.0.0.1', 'localhost')

/**
 * Runs the whole shop on this machine: PostgreSQL, the services and what watches them. What crashes is started again.
 *
 * @throws Error when PostgreSQL or the signals cannot be started; nothing is left running then
 */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const { env = {}, onLine, onEvent = () => {}, onProcess = () => {} } = options
  const dataDir = options.dataDir ?? join(tmpdir(), `hello-shop-${randomUUID()}`)
  const plan = await planReplicas(options)
  const signalsAt = await planSignals(options)
  const local = (port: number | undefined) => `http://127.0.0.1:${port}`
  const urlsOf = (service: string) => plan.filter(({ definition }) => definition.name === service).map(({ url }) => url)
  const logFile = (name: string) => join(dataDir, `${name}.log`)
  if (!onLine && !signalsAt) await mkdir(dataDir, { recursive: true })

  let postgres: Postgres | undefined
  let database: Supervised | undefined
  let signals: Awaited<ReturnType<typeof import('../signals/signals.ts').startSignals>> | undefined
  const started = new Map<Replica, Supervised>()
  const states = new Map<string, ProcessState>()
  let beforeSignals: [name: string, line: string][] = []

  function onChange(state: ProcessState) {
    states.set(state.name, state)
    onProcess(state)
  }

  async function startDatabase() {
    const port = options.portOffset === undefined ? await freePort() : postgresPort + options.portOffset
    const start = async () => {
      postgres = await startPostgres({
        dataDir: join(dataDir, 'postgres'),
        port,
        durable: options.durable ?? true,
        ...(options.smallMemory && { maxConnections: 60, sharedBuffers: '16MB' }),
        log: (line) => onLine?.('postgres', line),
      })
      return postgres
    }
    database = await supervise('postgres', start, onEvent, onChange)
    const owners = new Set(plan.filter(({ definition }) => definition.database).map((one) => one.definition.name))
    await Promise.all([...owners].map((service) => postgres!.createDatabase(service)))
  }

  async function startSignals() {
    if (!signalsAt) return
    const { startSignals } = await import('../signals/signals.ts')
    const names = ['postgres', ...plan.map(({ name }) => name)]
    const processes = () => names.flatMap((name) => states.get(name) ?? [])
    const targets = plan.map(({ name, managementUrl }) => ({ service: name, url: `${managementUrl}/metrics` }))
    signals = await startSignals({ targets, processes, ...signalsAt })
    for (const [name, line] of beforeSignals) signals.log(name, line)
    beforeSignals = []
  }

  function keepLine(name: string, line: string) {
    if (signals) signals.log(name, line)
    else beforeSignals.push([name, line])
  }

  function environment({ definition, url, managementUrl }: Replica): NodeJS.ProcessEnv {
    const { name, upstreams } = definition
    const called = upstreams.map((upstream) => [addressVariable(upstream), urlsOf(upstream).join()])
    const [page] = urlsOf('frontend')
    return {
      ...process.env,
      NODE_COMPILE_CACHE: join(checkout, '.local', 'compile-cache'),
      ...(options.smallMemory && nodeMemory.env),
      PORT: new URL(url).port,
      MANAGEMENT_PORT: new URL(managementUrl).port,
      OTEL_SERVICE_NAME: name,
      OTEL_EXPORTER_OTLP_ENDPOINT: signalsAt ? local(signalsAt.grpcPort) : '',
      ...Object.fromEntries(called.filter(([, urls]) => urls)),
      ...(definition.database && { DATABASE_URL: postgres!.url(name) }),
      ...(definition.demoRows && { SEED_DEMO: 'true' }),
      ...(name === 'gateway' && page && { CORS_ORIGIN: asPeopleSay(page) }),
      ...(name === 'frontend' &&
        signalsAt && { OTLP_HTTP_ENDPOINT: local(signalsAt.httpPort), SIGNALS_URL: local(signalsAt.apiPort) }),
      ...env,
    }
  }

  async function startReplica(replica: Replica) {
    const { definition, name } = replica
    const start = () =>
      startTied({
        command: process.execPath,
        args: [
          ...(options.smallMemory ? nodeMemory.flags : []),
          '--import',
          '@hello/telemetry/preload',
          definition.entry,
        ],
        cwd: join(checkout, definition.folder),
        env: environment(replica),
        stopSignals: ['SIGTERM', 'SIGKILL'],
        stopTimeout,
        output:
          onLine || signalsAt
            ? (line) => {
                if (signalsAt) keepLine(name, line)
                onLine?.(name, line)
              }
            : { file: logFile(name) },
      })
    started.set(replica, await supervise(name, start, onEvent, onChange))
  }

  async function stop() {
    await Promise.all([...started.values()].map((supervised) => supervised.stop()))
    await signals?.close()
    await database?.stop()
    if (options.dataDir !== undefined) return
    await removePostgresData(join(dataDir, 'postgres'))
    await rm(dataDir, { recursive: true, force: true })
  }

  // What needs no database starts beside it.
  const databaseStarted = startDatabase()
  const outcomes = await Promise.allSettled([
    databaseStarted,
    ...plan.map(async (replica) => {
      if (replica.definition.database) await databaseStarted
      await startReplica(replica)
    }),
    startSignals(),
  ])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }

  async function untilReady({ name, managementUrl }: Replica) {
    for (const deadline = Date.now() + readyTimeout; !(await isReady(managementUrl)); await delay(25)) {
      if (Date.now() < deadline) continue
      const lines = await readFile(logFile(name), 'utf8').catch(() => '')
      throw new Error(`${name} is not ready after ${readyTimeout / 1000} s\n${lines.slice(-logTail)}`.trim())
    }
  }

  const first = (service: string) => urlsOf(service)[0] ?? ''
  const asProcess = (service: ServiceName | 'postgres', { name, pid, kill }: Supervised) => ({
    service,
    name,
    pid,
    kill,
  })
  return {
    urls: {
      ...(Object.fromEntries(services.map(({ name }) => [name, first(name)])) as Record<ServiceName, string>),
      frontend: asPeopleSay(first('frontend')),
      ...(signals && { signals: signals.addresses.api, otlp: signals.addresses.otlpGrpc }),
    },
    managementUrls: plan.map(({ name, managementUrl }) => ({ name, url: managementUrl })),
    urlsOf,
    databaseUrl: (service) => postgres!.url(service),
    stop,
    processes: () => [
      ...[...started].map(([{ definition }, supervised]) => asProcess(definition.name, supervised)),
      asProcess('postgres', database!),
    ],
    async ready(onReady = () => {}) {
      await Promise.all(plan.map((replica) => untilReady(replica).then(() => onReady(replica.name))))
    },
  }
}
