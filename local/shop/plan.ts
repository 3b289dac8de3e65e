import { type Service, type ServiceName, services } from '@hello/shop/services'
import { freePort } from '../processes/ports.ts'
import { signalsPorts } from './designed-ports.ts'

/** What a shop consists of. */
export interface Plan {
  /** Added to every port of the design; free ports when left out. */
  portOffset?: number
  /** How many processes of a service; 1 unless given. */
  replicas?: Partial<Record<ServiceName, number>>
  /** Left out: all five. */
  only?: ServiceName[]
  /** Whether to receive traces, keep logs and scrape metrics, for the Signals page. */
  signals?: boolean
}

/** One process of a service. */
export interface Replica {
  definition: Service & { name: ServiceName }
  name: string
  url: string
  managementUrl: string
}

/** Chooses every port before anything starts, so that each process can be told where the others will be. */
export async function planReplicas({ replicas = {}, only, portOffset }: Plan): Promise<Replica[]> {
  const address = async (designed: number, replica: number) =>
    `http://127.0.0.1:${portOffset === undefined || replica > 1 ? await freePort() : designed + portOffset}`
  const plan: Replica[] = []
  for (const definition of services.filter(({ name }) => only?.includes(name) ?? true)) {
    for (let replica = 1; replica <= (replicas[definition.name] ?? 1); replica++) {
      plan.push({
        definition,
        name: replica === 1 ? definition.name : `${definition.name}-${replica}`,
        url: await address(definition.port, replica),
        managementUrl: await address(definition.managementPort, replica),
      })
    }
  }
  return plan
}

/** The ports of what receives and shows signals; undefined where there shall be none. */
export async function planSignals({ signals, portOffset }: Plan) {
  if (!signals) return undefined
  const choose = async (designed: number) => (portOffset === undefined ? freePort() : designed + portOffset)
  return {
    grpcPort: await choose(signalsPorts.grpcPort),
    httpPort: await choose(signalsPorts.httpPort),
    apiPort: await choose(signalsPorts.apiPort),
  }
}
