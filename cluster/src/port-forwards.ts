import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { isPortTaken } from '@hello/processes/ports'
import { services } from '@hello/shop/services'
import { kindConfig } from './kind-cluster.ts'
import { paint, table } from './terminal.ts'

const usage = `Usage: make forward   or   node cluster/src/port-forwards.ts [--context kind-hello-observability]

Forwards the ports of the shop and its stack to 127.0.0.1, for clusters whose ports are not mapped and for the services that are
reachable inside only. A port that is taken (by kind's mapping, for example) is left alone. Ctrl-C ends all.
`

/** Namespace, Service, local port, the Service's port. */
const forwards: [namespace: string, service: string, local: number, remote: number][] = [
  ...services.map(({ name, port }): [string, string, number, number] => ['shop', name, port, port]),
  ['monitoring', 'kube-prometheus-stack-grafana', 3000, 80],
  ['monitoring', 'kube-prometheus-stack-prometheus', 9090, 9090],
  ['monitoring', 'kube-prometheus-stack-alertmanager', 9093, 9093],
  ['monitoring', 'loki', 3100, 3100],
  ['observability', 'jaeger-query', 16686, 16686],
]

const { values } = parseArgs({
  options: {
    context: { type: 'string', default: `kind-${kindConfig.name}` },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  process.stdout.write(usage)
  process.exit()
}

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())

/** Keeps one forward alive: kubectl ends it with the pod that it chose. */
function keepForwarding([namespace, service, local, remote]: (typeof forwards)[number]) {
  const args = [
    '--context',
    values.context,
    '-n',
    namespace,
    'port-forward',
    `service/${service}`,
    `${local}:${remote}`,
  ]
  const child = spawn('kubectl', args, { stdio: ['ignore', 'ignore', 'pipe'], signal: ending.signal })
  let lastWords = ''
  child.stderr.on('data', (data) => {
    lastWords = String(data).trim()
  })
  child.on('error', () => {}) // the abort
  child.on('close', () => {
    if (ending.signal.aborted) return
    process.stderr.write(`${paint('yellow', 'again')}  ${service}: ${lastWords}\n`)
    setTimeout(() => ending.signal.aborted || keepForwarding([namespace, service, local, remote]), 2000)
  })
}

const rows: string[][] = []
for (const forward of forwards) {
  const [, service, local] = forward
  const free = !(await isPortTaken(local))
  rows.push([free ? paint('green', 'forwarded') : paint('dim', 'taken'), service, `http://localhost:${local}`])
  if (free) keepForwarding(forward)
}
process.stdout.write(`${table(rows)}\n`)
