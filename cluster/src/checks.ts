import { readFile, statfs } from 'node:fs/promises'
import { isPortTaken } from '@hello/processes/ports'
import { run } from './command.ts'
import { clusterState, type PortMapping } from './kind-cluster.ts'
import { atLeast, installedVersion, type Tool } from './pinned-tools.ts'

export interface Finding {
  /** `fail`: `make up` cannot work. `warn`: it may. */
  level: 'ok' | 'warn' | 'fail'
  subject: string
  found: string
  /** What to do about it; empty when the level is ok. */
  fix: string
}

const gibibyte = 1024 ** 3
const gib = (bytes: number): string => `${(bytes / gibibyte).toFixed(1)} GiB`

/** What the stack was measured to need (docs/en/kubernetes.md, Memory), with room to build images beside it. */
export const needs = {
  /** What the pods of the whole stack ask for during a rollout is below two (cluster/test/requests.test.ts). */
  cpus: { fail: 2, warn: 2 },
  memory: { fail: 4 * gibibyte, warn: 6 * gibibyte },
  disk: { fail: 8 * gibibyte, warn: 15 * gibibyte },
  /** kind's own advice: https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
  inotify: { max_user_watches: 524_288, max_user_instances: 512 },
}

function graded(
  subject: string,
  value: number,
  need: { fail: number; warn: number },
  found: string,
  fix: string,
): Finding {
  const level = value < need.fail ? 'fail' : value < need.warn ? 'warn' : 'ok'
  return { level, subject, found, fix: level === 'ok' ? '' : fix }
}

/** The tool on PATH: missing or older than the oldest that works is a failure. */
export async function checkTool(tool: Tool): Promise<Finding> {
  const version = await installedVersion(tool)
  const ok = version !== undefined && atLeast(version, tool.minimum)
  const found = version ? `${version}${ok ? '' : `, ${tool.minimum} or newer is needed`}` : 'not found'
  return { level: ok ? 'ok' : 'fail', subject: tool.name, found, fix: ok ? '' : 'make tools' }
}

/** Docker: whether the engine answers, its memory, BuildKit's client, and the cgroup version that Kubernetes 1.35 and newer want. */
export async function checkDocker(): Promise<Finding[]> {
  const { code, stdout, output } = await run('docker', ['info', '--format', '{{json .}}'])
  if (code === 127)
    return [
      {
        level: 'fail',
        subject: 'docker',
        found: 'not found',
        fix: 'Install Docker: https://docs.docker.com/get-docker/',
      },
    ]
  const info = code === 0 ? JSON.parse(stdout) : {}
  if (!info.ServerVersion) {
    const denied = /permission denied/i.test(output)
    const fix = denied
      ? 'sudo usermod -aG docker $USER, then log in again'
      : 'Start Docker (Desktop), or: sudo systemctl start docker'
    return [{ level: 'fail', subject: 'docker', found: denied ? 'no permission' : 'the engine does not answer', fix }]
  }
  const buildx = await run('docker', ['buildx', 'version'])
  return [
    { level: 'ok', subject: 'docker', found: info.ServerVersion, fix: '' },
    graded(
      'CPUs',
      info.NCPU,
      needs.cpus,
      `${info.NCPU} for Docker`,
      'Docker Desktop: Settings, Resources, CPU limit: 2 or more; with fewer, pods stay Pending',
    ),
    graded(
      'memory',
      info.MemTotal,
      needs.memory,
      `${gib(info.MemTotal)} for Docker`,
      'Docker Desktop: Settings, Resources, Memory: 8 GB',
    ),
    buildx.code === 0
      ? { level: 'ok', subject: 'buildx', found: 'found', fix: '' }
      : {
          level: 'fail',
          subject: 'buildx',
          found: 'not found',
          fix: 'Install it (package docker-buildx-plugin or docker-buildx): https://github.com/docker/buildx#installing',
        },
    info.CgroupVersion === '1'
      ? {
          level: 'warn',
          subject: 'cgroups',
          found: 'version 1',
          fix: 'Kubernetes 1.35 and newer want version 2: boot with systemd.unified_cgroup_hierarchy=1',
        }
      : { level: 'ok', subject: 'cgroups', found: `version ${info.CgroupVersion}`, fix: '' },
  ]
}

/** Free disk where Docker keeps its images; inside Docker Desktop's machine that is not visible, and the folder given counts. */
export async function checkDisk(folder: string): Promise<Finding> {
  const { stdout } = await run('docker', ['info', '--format', '{{.DockerRootDir}}'])
  const disk = await statfs(stdout.trim() || folder).catch(() => statfs(folder))
  const free = disk.bavail * disk.bsize
  return graded('disk', free, needs.disk, `${gib(free)} free`, 'docker system prune')
}

async function holderOf(port: number): Promise<string> {
  const container = await run('docker', ['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}'])
  if (container.code === 0 && container.stdout) return `the container ${container.stdout}`
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const [, pid] = /^p(\d+)$/m.exec(stdout) ?? []
  const [, command] = /^c(.+)$/m.exec(stdout) ?? []
  return pid ? `${command} (process ${pid})` : 'another program'
}

/** The host ports of the cluster's configuration, before the cluster takes them. */
export async function checkPorts(mappings: PortMapping[], cluster: string): Promise<Finding[]> {
  if ((await clusterState(cluster)) === 'running')
    return [{ level: 'ok', subject: 'ports', found: `held by the cluster ${cluster}`, fix: '' }]
  const taken: Finding[] = []
  for (const { hostPort, listenAddress } of mappings) {
    if (!(await isPortTaken(hostPort, listenAddress))) continue
    taken.push({
      level: 'fail',
      subject: `port ${hostPort}`,
      found: `taken by ${await holderOf(hostPort)}`,
      fix: 'Stop it (make local runs on two of these ports), or change hostPort in kind-config.yaml',
    })
  }
  const all = mappings.map((mapping) => mapping.hostPort).join(', ')
  return taken.length > 0 ? taken : [{ level: 'ok', subject: 'ports', found: `${all} are free`, fix: '' }]
}

/** Linux only: too few inotify watches make Promtail and the file sync fail with "too many open files". */
export async function checkInotify(folder = '/proc/sys/fs/inotify'): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [name, wanted] of Object.entries(needs.inotify)) {
    const value = Number(await readFile(`${folder}/${name}`, 'utf8').catch(() => Number.NaN))
    if (Number.isNaN(value)) continue
    const fix = `sudo sysctl fs.inotify.${name}=${wanted}   (and in /etc/sysctl.d/, to last)`
    findings.push(graded(`inotify ${name}`, value, { fail: 0, warn: wanted }, String(value), fix))
  }
  return findings
}
