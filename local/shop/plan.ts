import { freePort } from '@hello/processes/ports'
import { type OperatorName, operators, type Service, type ServiceName, services } from '@hello/shop/services'
import { findPrograms } from '../stack/find-programs.ts'
import {
  controlPort,
  labPort,
  postgresPort,
  type StackProgramName,
  signalsPorts,
  signInPort,
  stackPorts,
} from './designed-ports.ts'

/** What a shop shall consist of. */
export interface PlanOptions {
  /** Added to every port of the design; free ports when left out. */
  portOffset?: number
  /** How many processes of a service; 1 unless given. */
  replicas?: Partial<Record<ServiceName, number>>
  /** Left out: all five. */
  only?: ServiceName[]
  /** Whether to receive traces, keep logs and scrape metrics, for the Signals page. */
  signals?: boolean
  /** Whether to run the stack of the cluster too, as far as its programs are on this machine. */
  stack?: boolean
  /** Whether to run the healer too, which acts on the stack's alerts; without the stack it hears of none. */
  healer?: boolean
  /** Whether customers sign in, at an OpenID provider that believes every name. */
  signIn?: boolean
}

/** One process of a service. */
export interface Replica {
  definition: Service & { name: ServiceName | OperatorName }
  name: string
  url: string
  managementUrl: string
}

/** The programs of the cluster's stack. */
export interface StackPlan {
  /** Path of each that is on this machine. */
  programs: Partial<Record<StackProgramName, string>>
  ports: typeof stackPorts
}

/** What a shop consists of, with every address. */
export interface Plan {
  postgresPort: number
  replicas: Replica[]
  /** Undefined where there shall be none. */
  signals: typeof signalsPorts | undefined
  /** Undefined where there shall be none. */
  stack: StackPlan | undefined
  /** The port on which the launcher restarts what the healer asks for; undefined where there shall be none. */
  control: number | undefined
  /** The port on which a lab, while one runs, is asked by the page; undefined where the page shows no signals to answer it by. */
  lab: number | undefined
  /** The OpenID provider's port; undefined where nobody signs in. */
  signIn: number | undefined
}

/** Chooses every port before anything starts, so that each process can be told where the others will be. */
export async function planShop({
  signals,
  stack,
  healer,
  signIn,
  portOffset,
  replicas = {},
  only,
}: PlanOptions): Promise<Plan> {
  const choose = async (designed: number) => (portOffset === undefined ? freePort() : designed + portOffset)
  return {
    postgresPort: await choose(postgresPort),
    replicas: await planReplicas(choose, replicas, [
      ...services.filter(({ name }) => only?.includes(name) ?? true),
      ...(healer ? operators : []),
    ]),
    signals: signals ? await planSignals(choose) : undefined,
    stack: stack ? await planStack(choose) : undefined,
    control: healer ? await choose(controlPort) : undefined,
    lab: signals ? await choose(labPort) : undefined,
    signIn: signIn ? await choose(signInPort) : undefined,
  }
}

type Choose = (designed: number) => Promise<number>
type Counts = Partial<Record<string, number>>

async function planReplicas(choose: Choose, replicas: Counts, definitions: Replica['definition'][]) {
  const address = async (designed: number, replica: number) =>
    `http://127.0.0.1:${replica > 1 ? await freePort() : await choose(designed)}`
  const plan: Replica[] = []
  for (const definition of definitions) {
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

async function planSignals(choose: Choose) {
  return {
    grpcPort: await choose(signalsPorts.grpcPort),
    httpPort: await choose(signalsPorts.httpPort),
    apiPort: await choose(signalsPorts.apiPort),
  }
}

async function planStack(choose: Choose): Promise<StackPlan> {
  const ports = structuredClone(stackPorts)
  for (const own of Object.values<Record<string, number>>(ports)) {
    for (const [purpose, designed] of Object.entries(own)) own[purpose] = await choose(designed)
  }
  return { programs: findPrograms(), ports }
}

/** Base URLs of all replicas of a service. */
export function urlsOf({ replicas }: Plan, service: string): string[] {
  return replicas.filter(({ definition }) => definition.name === service).map(({ url }) => url)
}
