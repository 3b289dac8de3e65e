import type { Finding } from './checks.ts'
import { run } from './command.ts'
import { type PortMapping, portMappings } from './kind-cluster.ts'

const anew = (cluster: string): string =>
  `make down, then make up; what is in it is lost${cluster === 'hello-observability' ? '' : ` (both with CLUSTER=${cluster})`}`

/** The host ports that an existing cluster was made with, by the port of its node, as kind-config.yaml writes them. */
async function mappedPorts(node: string): Promise<string[]> {
  const { stdout } = await run('docker', ['inspect', '-f', '{{json .HostConfig.PortBindings}}', node])
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = JSON.parse(stdout)
  return Object.entries(bindings).flatMap(([port, hosts]) =>
    hosts.map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${Number.parseInt(port, 10)}`),
  )
}

/** Whether kind came to the end of making it: a StorageClass is the last thing that it installs. */
async function checkMade(cluster: string, node: string): Promise<Finding[]> {
  const unfinished: Finding = {
    level: 'fail',
    subject: 'cluster',
    found: `${cluster} is half made: kind create cluster was interrupted`,
    fix: anew(cluster),
  }
  const config = '/etc/kubernetes/admin.conf'
  if ((await run('docker', ['exec', node, 'test', '-e', config])).code !== 0) return [unfinished]
  const kubectl = ['exec', node, 'kubectl', `--kubeconfig=${config}`, '--request-timeout=10s']
  const { code, stdout } = await run('docker', [...kubectl, 'get', 'storageclasses', '--output=name'])
  if (code === 0 && !stdout.trim()) return [unfinished]
  if (code === 0) return [{ level: 'ok', subject: 'cluster', found: `${cluster} runs`, fix: '' }]
  const found = `the API server of ${cluster} does not answer`
  return [
    { level: 'warn', subject: 'cluster', found, fix: `Wait a minute where it was just started; else ${anew(cluster)}` },
  ]
}

/** Whether a cluster that exists is one to go on with: made to its end, and with the host ports of kind-config.yaml. */
export async function checkCluster(cluster: string, wanted: PortMapping[] = portMappings): Promise<Finding[]> {
  const node = `${cluster}-control-plane`
  const { code, stdout } = await run('docker', ['inspect', '-f', '{{.State.Running}}', node])
  if (code !== 0) return []
  const mapped = new Set(await mappedPorts(node))
  const absent = wanted.filter(
    ({ listenAddress, hostPort, containerPort }) => !mapped.has(`${listenAddress}:${hostPort}->${containerPort}`),
  )
  const ports: Finding[] = [
    {
      level: 'fail',
      subject: 'host ports',
      found: `${cluster} was made without ${absent.map(({ hostPort }) => hostPort).join(', ')} of kind-config.yaml; a cluster's ports stay as they are`,
      fix: anew(cluster),
    },
  ]
  return [...(absent.length > 0 ? ports : []), ...(stdout.trim() === 'true' ? await checkMade(cluster, node) : [])]
}
