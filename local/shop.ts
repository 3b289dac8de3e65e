import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './port-holder.ts'
import { type Postgres, removePostgresData, startPostgres } from './postgres.ts'
import { checkout, postgresPort, type ServiceName, services, signalsPorts } from './processes.ts'
import { startSignals } from './signals/signals.ts'
import { type Supervised, startNode, supervise } from './supervisor.ts'

export interface ShopOptions {
  /** Where PostgreSQL keeps its data; a temporary folder, removed by `stop`, when left out. */
  dataDir?: string
  /** Added to every port of the design; free ports when left out. */
  portOffset?: number
  /** How many processes of a service; 1 unless given. */
  replicas?: Partial<Record<ServiceName, number>>
  /** Left out: all five. */
  only?: ServiceName[]
  /** Whether to receive traces, keep logs and scrape metrics, for the Signals page. */
  signals?: boolean
  /** Whether commits wait for the disk. */
  durable?: boolean
  /** More environment for every service. */
  env?: Record<string, string>
  onLine?(name: string, line: string): void
  /** What the supervisor does, in sentences. */
  onEvent?(text: string): void
  onProcess?(name: string, pid: number): void
}

export interface ShopProcess {
  service: ServiceName | 'postgres'
  name: string
  pid: number | undefined
  kill(signal: NodeJS.Signals): void
}

export interface Shop {
  /** Base URLs by service, of the first replica; `signals` where there are signals. */
  urls: Record<ServiceName, string> & { signals?: string; otlp?: string }
  /** Base URLs of the management ports, of every replica. */
  managementUrls: { name: string; url: string }[]
  processes(): ShopProcess[]
  /** postgres:// URL of a service's database. */
  databaseUrl(service: ServiceName): string
  /** Resolves when every process runs and is ready; `onReady` gets each name as it is. */
  ready(onReady?: (name: string) => void): Promise<void>
  /** Ends every process and frees every port. */
  stop(): Promise<void>
}

/** A bigger young generation is of no use to a shop on a laptop, and costs 20 MB a process. */
const nodeFlags = ['--max-semi-space-size=2']
const readyTimeout = 60_000

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/**
 * Runs the whole shop on this machine: PostgreSQL, the services and what watches them. What crashes is started again.
 *
 * @throws Error when PostgreSQL or the signals cannot be started; nothing is left running then
 */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const { replicas = {}, env = {}, onLine = () => {}, onEvent = () => {}, onProcess = () => {} } = options
  const dataDir = options.dataDir ?? join(tmpdir(), `hello-shop-${randomUUID()}`)
  const fixed = options.portOffset
  const port = async (designed: number) => (fixed === undefined ? freePort() : designed + fixed)
  const wanted = services.filter(({ service }) => options.only?.includes(service) ?? true)

  let postgres: Postgres | undefined
  const databasePort = await port(postgresPort)
  const databaseUrl = (service: string) => postgres!.url(service)
  const database = await supervise(
    'postgres',
    async () => {
      postgres = await startPostgres({
        dataDir: join(dataDir, 'postgres'),
        port: databasePort,
        durable: options.durable ?? true,
        log: (line) => onLine('postgres', line),
      })
      onProcess('postgres', postgres.pid)
      return { pid: postgres.pid, exited: postgres.exited.then(() => 'ended'), stop: postgres.stop }
    },
    onEvent,
  )

  const started: { service: ServiceName; supervised: Supervised }[] = []
  const managementUrls: { name: string; url: string }[] = []
  const addresses = new Map<ServiceName, string[]>()
  let signals: Awaited<ReturnType<typeof startSignals>> | undefined

  async function stop() {
    await Promise.all(started.map(({ supervised }) => supervised.stop()))
    await signals?.close()
    await database.stop()
    if (options.dataDir !== undefined) return
    await removePostgresData(join(dataDir, 'postgres'))
    await rm(dataDir, { recursive: true, force: true })
  }

  try {
    const plan = []
    for (const definition of wanted) {
      if (definition.database) await postgres!.createDatabase(definition.service)
      for (let replica = 1; replica <= (replicas[definition.service] ?? 1); replica++) {
        const name = replica === 1 ? definition.service : `${definition.service}-${replica}`
        const httpPort = replica === 1 ? await port(definition.port) : await freePort()
        const managementPort = replica === 1 ? await port(definition.managementPort) : await freePort()
        managementUrls.push({ name, url: `http://127.0.0.1:${managementPort}` })
        addresses.set(definition.service, [
          ...(addresses.get(definition.service) ?? []),
          `http://127.0.0.1:${httpPort}`,
        ])
        plan.push({ definition, name, httpPort, managementPort })
      }
    }

    if (options.signals) {
      const ports = await Promise.all(
        Object.entries(signalsPorts).map(async ([name, designed]) => [name, await port(designed)]),
      )
      signals = await startSignals({
        targets: managementUrls.map(({ name, url }) => ({ service: name, url: `${url}/metrics` })),
        ...Object.fromEntries(ports),
      })
    }

    for (const { definition, name, httpPort, managementPort } of plan) {
      const upstreams = Object.entries(definition.upstreams).map(([service, variable]) => [
        variable,
        (addresses.get(service as ServiceName) ?? []).join(','),
      ])
      const supervised = await supervise(
        name,
        async () => {
          const running = await startNode({
            name,
            args: [...nodeFlags, '--import', '@hello/telemetry/preload', definition.entry],
            cwd: join(checkout, definition.folder),
            env: {
              ...process.env,
              NODE_COMPILE_CACHE: join(checkout, '.local', 'compile-cache'),
              PORT: String(httpPort),
              MANAGEMENT_PORT: String(managementPort),
              OTEL_SERVICE_NAME: definition.service,
              OTEL_EXPORTER_OTLP_ENDPOINT: signals?.addresses.otlpGrpc ?? '',
              ...Object.fromEntries(upstreams.filter(([, url]) => url)),
              ...(definition.database && { DATABASE_URL: databaseUrl(definition.service) }),
              ...(definition.service === 'gateway' && {
                CORS_ORIGIN: (addresses.get('frontend')?.[0] ?? 'http://localhost:3001').replace(
                  '127.0.0.1',
                  'localhost',
                ),
              }),
              ...(definition.service === 'frontend' &&
                signals && { OTLP_HTTP_ENDPOINT: signals.addresses.otlpHttp, SIGNALS_URL: signals.addresses.api }),
              ...env,
            },
            onLine: (line) => {
              signals?.log(name, line)
              onLine(name, line)
            },
          })
          onProcess(name, running.pid)
          return running
        },
        onEvent,
      )
      started.push({ service: definition.service, supervised })
    }
  } catch (error) {
    await stop()
    throw error
  }

  const first = (service: ServiceName) => addresses.get(service)?.[0] ?? ''
  return {
    urls: {
      product: first('product'),
      inventory: first('inventory'),
      order: first('order'),
      gateway: first('gateway'),
      frontend: first('frontend').replace('127.0.0.1', 'localhost'),
      ...(signals && { signals: signals.addresses.api, otlp: signals.addresses.otlpGrpc }),
    },
    managementUrls,
    databaseUrl,
    stop,
    processes: () => [
      ...started.map(({ service, supervised }) => ({
        service,
        name: supervised.name,
        pid: supervised.pid,
        kill: supervised.kill,
      })),
      { service: 'postgres' as const, name: 'postgres', pid: database.pid, kill: database.kill },
    ],
    async ready(onReady = () => {}) {
      const deadline = Date.now() + readyTimeout
      await Promise.all(
        managementUrls.map(async ({ name, url }) => {
          while (!(await isReady(url))) {
            if (Date.now() > deadline) throw new Error(`${name} is not ready after ${readyTimeout / 1000} s`)
            await delay(25)
          }
          onReady(name)
        }),
      )
    },
  }
}
