import { join } from 'node:path'
import type { TiedOptions } from '@hello/processes/tied-process'
import { addressVariable } from '@hello/shop/services'
import { checkout } from '../processes/checkout.ts'
import { nodeMemory } from '../processes/node-memory.ts'
import { type Plan, type Replica, urlsOf } from './plan.ts'
import { resourceAttributes } from './pod.ts'
import { stackUrls } from './stack-urls.ts'

const local = (port: number) => `http://127.0.0.1:${port}`

/** A page's origin names the host as people do. */
export const asPeopleSay = (url: string) => url.replace('127.0.0.1', 'localhost')

interface Surroundings {
  plan: Plan
  /** Of the service's database, where it has one. */
  databaseUrl: string | undefined
  smallMemory: boolean
  /** What this service alone is told. */
  own: Record<string, string> | undefined
  /** Flags of the faults that are set while it runs. */
  faultsFile: string
  /** More environment, which goes before the rest. */
  env: Record<string, string>
}

function signalsVariables(service: string, { signals, stack }: Plan): Record<string, string> {
  const jaeger = stack?.programs['jaeger-all-in-one'] && stack.ports['jaeger-all-in-one']
  // The signals hand on to Jaeger what they get.
  const otlp = signals ?? (jaeger && { grpcPort: jaeger.otlpGrpc, httpPort: jaeger.otlpHttp })
  if (!otlp) return { OTEL_EXPORTER_OTLP_ENDPOINT: '' }
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: local(otlp.grpcPort),
    ...(service === 'frontend' && { OTLP_HTTP_ENDPOINT: local(otlp.httpPort) }),
    ...(service === 'frontend' && signals && { SIGNALS_URL: local(signals.apiPort) }),
  }
}

function stackVariables(replica: Replica, { stack }: Plan): Record<string, string> {
  if (!stack) return {}
  const attributes = { OTEL_RESOURCE_ATTRIBUTES: resourceAttributes(replica) }
  if (replica.definition.name !== 'frontend') return attributes
  const { alertmanager, jaeger, grafana } = stackUrls(stack)
  return {
    ...attributes,
    ...(alertmanager && { ALERTMANAGER_URL: alertmanager }),
    ...(jaeger && { JAEGER_URL: asPeopleSay(jaeger) }),
    ...(grafana && { GRAFANA_URL: asPeopleSay(grafana) }),
  }
}

function environment(replica: Replica, { plan, databaseUrl, ...rest }: Surroundings) {
  const { definition, url, managementUrl } = replica
  const { name, upstreams } = definition
  const called = upstreams.map((upstream) => [addressVariable(upstream), urlsOf(plan, upstream).join()])
  const [page] = urlsOf(plan, 'frontend')
  return {
    ...process.env,
    NODE_COMPILE_CACHE: join(checkout, '.local', 'compile-cache'),
    ...(rest.smallMemory && nodeMemory.env),
    PORT: new URL(url).port,
    MANAGEMENT_PORT: new URL(managementUrl).port,
    OTEL_SERVICE_NAME: name,
    ...signalsVariables(name, plan),
    ...stackVariables(replica, plan),
    FAULTS_FILE: rest.faultsFile,
    ...Object.fromEntries(called.filter(([, urls]) => urls)),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...(definition.demoRows && { SEED_DEMO: 'true' }),
    // Only this machine reaches the page.
    ...(name === 'frontend' && { ALERT_SILENCES: 'true', ...(plan.lab && { LAB_URL: local(plan.lab) }) }),
    ...(name === 'gateway' && page && { CORS_ORIGIN: asPeopleSay(page) }),
    ...rest.own,
    ...rest.env,
  }
}

/** How a service's program is started, and told where it listens, whom it calls, and where database and signals are. */
export function serviceProgram(replica: Replica, surroundings: Surroundings): Omit<TiedOptions, 'output'> {
  const { folder, entry } = replica.definition
  const flags = surroundings.smallMemory ? nodeMemory.flags : []
  return {
    command: process.execPath,
    args: [...flags, '--import', '@hello/telemetry/preload', entry],
    cwd: join(checkout, folder),
    env: environment(replica, surroundings),
    stopSignals: ['SIGTERM', 'SIGKILL'],
    stopTimeout: 5000,
  }
}
