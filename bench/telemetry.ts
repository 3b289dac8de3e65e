/**
 * node bench/telemetry.ts: what metrics, logs and traces cost on one route, against bare Fastify and against the kits as they
 * come (auto-instrumentations-node, fastify-metrics on prom-client). The sides run in turns, each server pinned to the first
 * core where `taskset` exists, load and receiver on the others, after a warm-up in which their code is compiled.
 * ROUNDS (15), SECONDS (1) a turn, WARM_UP (8 seconds), SIDES (names to run, separated by commas), CPU_PROF (folder for profiles).
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@hello/processes/ports'
import { median } from '@hello/test-support/statistics'
import autocannon from 'autocannon'
import { tell } from './ratio.ts'

const rounds = Number(process.env.ROUNDS ?? 15)
const seconds = Number(process.env.SECONDS ?? 1)
const warmUp = Number(process.env.WARM_UP ?? 8)
const connections = 32
const profiles = process.env.CPU_PROF
const pinned = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0
const sink = openSync('/dev/null', 'w')

interface Setup {
  name: string
  /** Part of the telemetry that the server itself sets up. */
  signals?: string
  /** Whether the preload is on; a ratio below 1 samples by trace id. */
  traces?: number
  peer?: boolean
  /** OTEL_…: over what `traces` says. HANDLER_BY: what makes the handler's span instead of telemetry (peer/handler-span.cjs). */
  env?: Record<string, string>
  aim?: number
}

const withoutHandler = { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'fastify' }
const setups: Setup[] = [
  { name: 'bare' },
  { name: 'metrics', signals: 'metrics' },
  { name: 'logs', signals: 'logs' },
  { name: 'traces 100 %', traces: 1 },
  { name: 'all without traces', signals: 'metrics,logs' },
  { name: 'all 5 %', signals: 'metrics,logs', traces: 0.05, aim: 0.5 },
  {
    name: 'all 5 % and what fails',
    signals: 'metrics,logs',
    traces: 1,
    env: { OTEL_TRACES_SAMPLER: 'tail_traceidratio' },
    aim: 0.5,
  },
  { name: 'all 100 %', signals: 'metrics,logs', traces: 1, aim: 0.3 },
  { name: 'all 100 % no handler span', signals: 'metrics,logs', traces: 1, env: withoutHandler, aim: 0.4 },
  ...['own', 'library', '@fastify/otel'].map((maker) => ({
    name: `handler span by ${maker}`,
    signals: 'metrics,logs',
    traces: 1,
    env: { ...withoutHandler, HANDLER_BY: maker },
  })),
  { name: 'peer 5 %', peer: true, traces: 0.05 },
  { name: 'peer 100 %', peer: true, traces: 1, env: { HANDLER_SPAN: '1' } },
  { name: 'peer 100 % no handler span', peer: true, traces: 1 },
]

interface Side extends Setup {
  url: string
  process: ChildProcess
  perSecond: number[]
  cpuMicros: number[]
  requests: number
  spans: number
}

const path = (file: string) => fileURLToPath(new URL(`telemetry/${file}`, import.meta.url))

/** Starts a script that says `listening` and answers messages. */
async function start(script: string, nodeArgs: string[], env: Record<string, string>, core?: number) {
  const pin = pinned && core !== undefined ? ['taskset', '-c', String(core)] : []
  const [command, ...args] = [...pin, process.execPath, ...nodeArgs, script]
  const child = spawn(command!, args, {
    cwd: dirname(script),
    env: { ...process.env, ...env },
    stdio: ['ignore', sink, 'inherit', 'ipc'],
  })
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended before it listened`))),
  ])
  return child
}

async function ask<T>(child: ChildProcess): Promise<T> {
  child.send('how much')
  const [answer] = await once(child, 'message')
  return answer as T
}

async function startSide(setup: Setup, receiverPort: number): Promise<Side> {
  const port = await freePort()
  const { traces, peer, signals = '', env } = setup
  const tracing = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiverPort}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_SERVICE_NAME: 'bench',
    OTEL_BSP_SCHEDULE_DELAY: '500',
    ...(traces !== 1 && { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: String(traces) }),
  }
  const preload = peer
    ? ['--require', '@opentelemetry/auto-instrumentations-node/register']
    : ['--import', '@hello/telemetry/preload', ...(env?.HANDLER_BY ? ['--import', path('peer/handler-span.cjs')] : [])]
  const profile = profiles
    ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${setup.name.replaceAll(/\W+/g, '-')}.cpuprofile`]
    : []
  const child = await start(
    path(peer ? 'peer/server.cjs' : 'server.ts'),
    [...(traces === undefined ? [] : preload), ...profile],
    { PORT: String(port), SIGNALS: signals, ...(traces !== undefined && tracing), ...env },
    0,
  )
  return {
    ...setup,
    url: `http://127.0.0.1:${port}/products/product1`,
    process: child,
    perSecond: [],
    cpuMicros: [],
    requests: 0,
    spans: 0,
  }
}

async function load({ name, url }: Side, duration: number) {
  const result = await autocannon({ url, connections, duration })
  const { requests, non2xx, errors } = result
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx + errors} of ${requests.total} requests failed`)
  return result
}

async function measure(side: Side, receiver: ChildProcess) {
  const spansBefore = await ask<number>(receiver)
  const before = await ask<NodeJS.CpuUsage>(side.process)
  const { requests, duration } = await load(side, seconds)
  // What a turn has buffered is exported, and paid for, before the next side's turn begins.
  if (side.traces !== undefined) await new Promise((resolve) => setTimeout(resolve, 800))
  const after = await ask<NodeJS.CpuUsage>(side.process)
  side.perSecond.push(requests.total / duration)
  side.cpuMicros.push((after.user + after.system - before.user - before.system) / requests.total)
  side.requests += requests.total
  side.spans += (await ask<number>(receiver)) - spansBefore
}

/** A load that sleeps must be woken by the server's write, at the server's cost, and the more often the slower the server. */
function stayAwake() {
  awake = setImmediate(stayAwake)
}

if (!existsSync(path('peer/node_modules'))) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: path('peer'), stdio: 'inherit' })
}
if (pinned)
  execFileSync('taskset', ['-a', '-p', '-c', `1-${availableParallelism() - 1}`, String(process.pid)], {
    stdio: 'ignore',
  })
const only = process.env.SIDES?.split(',')
const receiverPort = await freePort()
const receiver = await start(path('receiver.ts'), [], { PORT: String(receiverPort) })
const sides: Side[] = []
let awake: NodeJS.Immediate | undefined
try {
  for (const setup of setups.filter(({ name }) => !only || name === 'bare' || only.includes(name))) {
    sides.push(await startSide(setup, receiverPort))
  }
  stayAwake()
  for (const side of sides) await load(side, warmUp)
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 ? sides : sides.toReversed()) await measure(side, receiver)
  }
} finally {
  clearImmediate(awake)
  const ends = [...sides.map((side) => side.process), receiver].map((child) => once(child, 'exit'))
  for (const child of [...sides.map((side) => side.process), receiver]) child.disconnect()
  await Promise.all(ends)
}

const bare = sides[0]!
const ratio = (side: Side, of: 'perSecond' | 'cpuMicros', base = bare) =>
  median(side[of].map((value, round) => value / base[of][round]!))
/** The share of a core that a side used: requests per second compare only where it is near 100 % on every side. */
const busy = ({ perSecond, cpuMicros }: Side) =>
  median(perSecond.map((value, round) => (value * cpuMicros[round]!) / 10_000))

console.log(
  `GET /products/:id, ${connections} connections, medians of ${rounds} turns of ${seconds} s; ratios to bare are medians of each round's`,
)
console.log(
  `\n${'side'.padEnd(28)}requests/s   lowest  highest  of bare  CPU us/request  of bare  core busy  spans/request   aim`,
)
for (const side of sides) {
  const { name, perSecond, cpuMicros, requests, spans, aim } = side
  const columns: [string, number][] = [
    [median(perSecond).toFixed(0), 10],
    [Math.min(...perSecond).toFixed(0), 9],
    [Math.max(...perSecond).toFixed(0), 9],
    [ratio(side, 'perSecond').toFixed(2), 9],
    [median(cpuMicros).toFixed(1), 16],
    [ratio(side, 'cpuMicros').toFixed(2), 9],
    [`${busy(side).toFixed(0)} %`, 11],
    [(spans / requests).toFixed(2), 15],
    [aim?.toFixed(2) ?? '', 6],
  ]
  console.log(name.padEnd(28) + columns.map(([text, width]) => text.padStart(width)).join(''))
  if (side !== bare) tell({ name: `telemetry, ${name}, of bare`, value: ratio(side, 'perSecond'), better: 'higher' })
}
const named = (wanted: string) => sides.find(({ name }) => name === wanted)
console.log()
for (const [name, peerName] of [
  ['all 100 %', 'peer 100 %'],
  ['all 100 % no handler span', 'peer 100 % no handler span'],
  ['all 5 %', 'peer 5 %'],
] as const) {
  const [ours, peer] = [named(name), named(peerName)]
  if (!ours || !peer) continue
  console.log(
    `${name} / ${peerName}: ${ratio(ours, 'perSecond', peer).toFixed(2)} of its requests/s (aim 2.00), ${ratio(ours, 'cpuMicros', peer).toFixed(2)} of its CPU a request`,
  )
}
const without = named('all 100 % no handler span')
for (const side of sides.filter(({ name }) => without && /^all 100 %$|^handler span by/.test(name))) {
  const more = side.cpuMicros.map((value, round) => value - without!.cpuMicros[round]!).sort((a, b) => a - b)
  const [low, middle, high] = [1, 2, 3].map((quarter) => more[Math.floor((more.length * quarter) / 4)]!.toFixed(1))
  console.log(
    `${side.name} / ${without!.name}: ${ratio(side, 'cpuMicros', without).toFixed(2)} of its CPU a request, ${middle} us more (in half of the rounds ${low} to ${high})`,
  )
}
