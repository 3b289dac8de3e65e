import { isPortTaken } from './ports.ts'
import { findListener } from './process-info.ts'
import { postgresPort, services, signalsPorts } from './processes.ts'

function designedPorts(signals: boolean): [name: string, port: number][] {
  return [
    ['PostgreSQL', postgresPort],
    ...services.flatMap(({ service, port, managementPort }): [string, number][] => [
      [service, port],
      [`management of ${service}`, managementPort],
    ]),
    ...(signals ? Object.values(signalsPorts).map((port): [string, number] => ['signals', port]) : []),
  ]
}

const shown = 120

function shorten(command: string): string {
  return command.length > shown ? `${command.slice(0, shown)}…` : command
}

/** Says of each of the shop's ports that something else holds: which, who, and how to free it. */
export async function takenPorts(portOffset: number, signals: boolean): Promise<string[]> {
  const complaints: string[] = []
  for (const [name, designed] of designedPorts(signals)) {
    const port = designed + portOffset
    if (!(await isPortTaken(port))) continue
    const holder = findListener(port)
    complaints.push(
      holder
        ? `Port ${port} (${name}) is taken by process ${holder.pid}: ${shorten(holder.command)}. End it with: kill ${holder.pid}`
        : `Port ${port} (${name}) is taken by a process that this user may not see. Ask: sudo ss -ltnp 'sport = :${port}'`,
    )
  }
  return complaints
}
