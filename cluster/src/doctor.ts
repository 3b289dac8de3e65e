import { checkDisk, checkDocker, checkInotify, checkPorts, checkTool, type Finding } from './checks.ts'
import { checkCluster } from './cluster-checks.ts'
import { readClusterOption } from './cluster-option.ts'
import { portMappings } from './kind-cluster.ts'
import { pinnedTools } from './pinned-tools.ts'
import { paint, table } from './terminal.ts'

const usage = `Usage: make doctor   or   node cluster/src/doctor.ts [--cluster NAME]

Checks what \`make up\` needs: tools and their versions, Docker, CPUs, memory, disk, ports and inotify limits, and says the fix for
each that is wrong. Ends with 1 when something is missing that \`make up\` cannot do without.
`

const colour = { ok: 'green', warn: 'yellow', fail: 'red' } as const

/** Everything that `make up` needs of this machine. */
export async function examine(cluster: string): Promise<Finding[]> {
  const findings = await Promise.all([
    ...pinnedTools.map(checkTool),
    checkDocker(),
    checkDisk(import.meta.dirname),
    checkPorts(portMappings, cluster),
    checkCluster(cluster),
    checkInotify(),
  ])
  return findings.flat()
}

/** The findings as a table, the fix of each below it. */
export function report(findings: Finding[]): string {
  const rows = findings.map(({ level, subject, found }) => [paint(colour[level], level), subject, found])
  const lines = table(rows).split('\n')
  return findings
    .map(({ fix }, index) => (fix ? `${lines[index]}\n      ${paint('bold', 'fix:')} ${fix}` : lines[index]))
    .join('\n')
}

async function main(): Promise<number> {
  const cluster = readClusterOption(usage)
  if (!cluster) return 0
  const findings = await examine(cluster)
  process.stdout.write(`${report(findings)}\n`)
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}

if (import.meta.main) process.exitCode = await main()
