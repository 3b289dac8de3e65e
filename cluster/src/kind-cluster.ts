import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { run } from './command.ts'

export interface PortMapping {
  hostPort: number
  containerPort: number
  listenAddress: string
}

interface KindConfig {
  name: string
  nodes: { image?: string; extraPortMappings?: PortMapping[] }[]
}

const configFile = new URL('../../kind-config.yaml', import.meta.url)
export const kindConfig: KindConfig = parse(readFileSync(configFile, 'utf8'))

/** The host ports that the cluster takes, with the NodePort behind each. */
export const portMappings: PortMapping[] = kindConfig.nodes.flatMap((node) => node.extraPortMappings ?? [])

/** `running`, `stopped` (after a restart of Docker or the machine) or `absent`. */
export async function clusterState(name: string): Promise<'running' | 'stopped' | 'absent'> {
  const { code, stdout } = await run('docker', ['inspect', '-f', '{{.State.Running}}', `${name}-control-plane`])
  if (code !== 0) return 'absent'
  return stdout.trim() === 'true' ? 'running' : 'stopped'
}
