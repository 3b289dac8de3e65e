/**
 * node bench/gateway.ts: requests per second of a GET, and of a POST of 100 bytes, through the gateway and through a bare
 * node:http + undici proxy, to the same upstream, in turns. The gateway runs as deployed: logs at `info` (to /dev/null), metrics
 * on; tracing is off. CPU is that of the proxy's process, and less shaken by what else the machine does.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import { median } from '@hello/test-support/statistics'
import autocannon from 'autocannon'
import { tell } from './ratio.ts'

const rounds = Number(process.env.ROUNDS ?? 21)
const seconds = 1
const connections = 32
const ticksPerSecond = 100

interface Side {
  name: string
  url: string
  process: ChildProcess
}

interface Sample {
  perSecond: number
  cpuMicros: number
}

const body = JSON.stringify({ name: 'Product 4'.padEnd(75, '.'), price: 10.99 })
const kinds: Record<string, Partial<autocannon.Options>> = {
  'GET /api/products': {},
  [`POST /api/products of ${body.length} bytes`]: {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  },
}

async function start(script: string, env: Record<string, string>, nodeArgs: string[] = []) {
  const port = await freePort()
  const child = spawn(process.execPath, [...nodeArgs, new URL(script, import.meta.url).pathname], {
    env: { ...process.env, ...env, PORT: String(port), MANAGEMENT_PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  await eventually(() => fetch(`${url}/api/products`), { seconds: 10 })
  return { url, process: child }
}

/** User and system time of a process in microseconds (proc(5), fields 14 and 15 of stat). */
function cpuTime({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond
}

async function measure({ name, url, process }: Side, request: Partial<autocannon.Options>): Promise<Sample> {
  const before = cpuTime(process)
  const result = await autocannon({ ...request, url: `${url}/api/products`, connections, duration: seconds })
  if (result.non2xx + result.errors > 0) throw new Error(`${name}: ${result.non2xx + result.errors} failures`)
  const { total } = result.requests
  return { perSecond: total / result.duration, cpuMicros: (cpuTime(process) - before) / total }
}

function report(kind: string, sides: Side[], samples: Sample[][]) {
  console.log(`\n${kind}, ${connections} connections, median of ${rounds} x ${seconds} s in turns\n`)
  console.log('             requests/s   lowest  highest   CPU us/request')
  for (const [index, { name }] of sides.entries()) {
    const perSecond = samples[index]!.map((sample) => sample.perSecond)
    const cpuMicros = samples[index]!.map((sample) => sample.cpuMicros)
    const columns = [median(perSecond), Math.min(...perSecond), Math.max(...perSecond)].map((value) => value.toFixed(0))
    console.log(
      `${name.padEnd(13)}${columns[0]!.padStart(10)}${columns[1]!.padStart(9)}${columns[2]!.padStart(9)}${median(cpuMicros).toFixed(1).padStart(17)}`,
    )
  }
  const [bare, gateway] = samples as [Sample[], Sample[]]
  const ratio = (of: keyof Sample) => median(gateway.map((sample, round) => sample[of] / bare[round]![of]))
  console.log(`\nratio of requests/s  ${ratio('perSecond').toFixed(2)}   (aim: at least 0.75)`)
  console.log(`ratio of CPU         ${ratio('cpuMicros').toFixed(2)}`)
  tell({ name: `gateway, ${kind}, of a bare proxy`, value: ratio('perSecond'), better: 'higher' })
}

const upstream = await start('gateway-upstream.ts', {})
const env = { PRODUCT_SERVICE_URL: upstream.url }
const sides: Side[] = []
try {
  const gatewayEnv = { ...env, RATE_LIMIT_PER_SECOND: '1000000', LOG_LEVEL: 'info' }
  const profile = process.env.CPU_PROF ? ['--cpu-prof', `--cpu-prof-dir=${process.env.CPU_PROF}`] : []
  sides.push(
    { name: 'bare proxy', ...(await start('gateway-bare-proxy.ts', env)) },
    { name: 'gateway', ...(await start('../services/gateway/src/server.ts', gatewayEnv, profile)) },
  )
  for (const [kind, request] of Object.entries(kinds)) {
    const samples: Sample[][] = [[], []]
    for (let round = -1; round < rounds; round++) {
      for (const index of round % 2 ? [0, 1] : [1, 0]) {
        const sample = await measure(sides[index]!, request)
        if (round >= 0) samples[index]!.push(sample)
      }
    }
    report(kind, sides, samples)
  }
} finally {
  for (const side of [...sides, upstream]) side.process.kill()
}
