import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

/** The command that creates a cluster, by kind-config.yaml where no other configuration is named, and waits until its node is ready. */
export const createCluster = (
  name: string,
  config = fileURLToPath(configFile),
): [program: string, ...args: string[]] => [
  'kind',
  'create',
  'cluster',
  '--name',
  name,
  '--config',
  config,
  '--wait',
  '120s',
]

/** `running`, `stopped` (after a restart of Docker or the machine) or `absent`. */
export async function clusterState(name: string): Promise<'running' | 'stopped' | 'absent'> {
  const { code, stdout } = await run('docker', ['inspect', '-f', '{{.State.Running}}', `${name}-control-plane`])
  if (code !== 0) return 'absent'
  return stdout.trim() === 'true' ? 'running' : 'stopped'
}
