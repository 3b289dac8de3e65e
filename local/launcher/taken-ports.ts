import { isPortTaken } from '@hello/processes/ports'
import { findListener, findProcess, type ProcessInfo } from '@hello/processes/process-info'
import { operators, type Service, services } from '@hello/shop/services'
import {
  controlPort,
  postgresPort,
  type StackProgramName,
  signalsPorts,
  signInPort,
  stackPorts,
} from '../shop/designed-ports.ts'
import { findPrograms } from '../stack/find-programs.ts'

interface Parts {
  signals: boolean
  stack: boolean
  healer: boolean
  signIn: boolean
}

/** Ports of those programs of the stack that are here. */
function designedStackPorts(): [name: string, port: number][] {
  const found = Object.keys(findPrograms()) as StackProgramName[]
  return found.flatMap((name) => Object.values(stackPorts[name]).map((port): [string, number] => [name, port]))
}

function designedPorts({ signals, stack, healer, signIn }: Parts): [name: string, port: number][] {
  const run: readonly Service[] = [...services, ...(healer ? operators : [])]
  return [
    ['PostgreSQL', postgresPort],
    ...run.flatMap(({ name, port, managementPort }): [string, number][] => [
      [name, port],
      [`management of ${name}`, managementPort],
    ]),
    ...(signals ? Object.values(signalsPorts).map((port): [string, number] => ['signals', port]) : []),
    ...(stack ? designedStackPorts() : []),
    ...(healer ? [['control of the launcher', controlPort] as [string, number]] : []),
    ...(signIn ? [['OpenID provider', signInPort] as [string, number]] : []),
  ]
}

const shown = 120

function shorten(command: string): string {
  return command.length > shown ? `${command.slice(0, shown)}…` : command
}

/** The launcher that started a process, which it would only start again, or the process itself. */
function whoToEnd(holder: ProcessInfo): ProcessInfo {
  for (let at: ProcessInfo | undefined = holder; at && at.pid > 1; at = findProcess(at.parent)) {
    if (at.command.includes('local/launcher/main.ts')) return at
  }
  return holder
}

/** Says which of the shop's ports something else holds: who, and how to free them. One line for each who. */
export async function takenPorts(portOffset: number, parts: Parts): Promise<string[]> {
  const held = new Map<number, { holder: ProcessInfo; ports: string[] }>()
  const complaints: string[] = []
  for (const [name, designed] of designedPorts(parts)) {
    const port = designed + portOffset
    if (!(await isPortTaken(port))) continue
    const listener = findListener(port)
    if (!listener) {
      complaints.push(
        `Port ${port} (${name}) is taken by a process that this user may not see. Ask: sudo ss -ltnp 'sport = :${port}'`,
      )
      continue
    }
    const holder = whoToEnd(listener)
    const { ports } = held.get(holder.pid) ?? { ports: [] }
    held.set(holder.pid, { holder, ports: [...ports, `${port} (${name})`] })
  }
  for (const { holder, ports } of held.values()) {
    const what = ports.length === 1 ? `Port ${ports[0]} is` : `Ports ${ports.join(', ')} are`
    complaints.push(
      `${what} taken by process ${holder.pid}: ${shorten(holder.command)}. End it with: kill ${holder.pid}`,
    )
  }
  return complaints
}
