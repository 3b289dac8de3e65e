/**
 * node bench/telemetry-outage.ts: latency of 200 requests a second with everything on, while the receiver of the traces is there
 * and while it is away, in turns. Prints the ratio of the p99s and the memory of the service. ROUNDS (7), SECONDS (5) a turn.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@hello/processes/ports'
import { median, quantile } from '@hello/test-support/statistics'
import { Agent, request } from 'undici'

const rounds = Number(process.env.ROUNDS ?? 7)
const seconds = Number(process.env.SECONDS ?? 5)
const sink = openSync('/dev/null', 'w')

async function start(script: string, nodeArgs: string[], env: Record<string, string>): Promise<ChildProcess> {
  const cwd = fileURLToPath(new URL('telemetry', import.meta.url))
  const child = spawn(process.execPath, [...nodeArgs, script], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', sink, 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

const port = await freePort()
const receiverPort = String(await freePort())
const service = await start('server.ts', ['--import', '@hello/telemetry/preload'], {
  PORT: String(port),
  SIGNALS: 'metrics,logs',
  OTEL_SERVICE_NAME: 'bench',
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiverPort}`,
})

const residentMegabytes = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))![1]) / 1024

const dispatcher = new Agent({ connections: 10 })

/** Sends a request every 5 ms, whether or not earlier ones were answered; latencies in milliseconds. */
async function turn(): Promise<{ p50: number; p99: number; failures: number }> {
  const latencies: number[] = []
  let failures = 0
  async function send() {
    const sent = performance.now()
    try {
      const { statusCode, body } = await request(`http://127.0.0.1:${port}/products/product1`, { dispatcher })
      await body.dump()
      if (statusCode !== 200) failures++
    } catch {
      failures++
    }
    latencies.push(performance.now() - sent)
  }
  const pending: Promise<void>[] = []
  const started = performance.now()
  for (let index = 0; index < seconds * 200; index++) {
    await delay(Math.max(0, started + index * 5 - performance.now()))
    pending.push(send())
  }
  await Promise.all(pending)
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), failures }
}

const sides = { there: [] as Awaited<ReturnType<typeof turn>>[], away: [] as Awaited<ReturnType<typeof turn>>[] }
const memory: number[] = []
try {
  await turn()
  for (let round = 0; round < rounds; round++) {
    const receiver = await start('receiver.ts', [], { PORT: receiverPort })
    sides.there.push(await turn())
    receiver.kill()
    await once(receiver, 'exit')
    sides.away.push(await turn())
    memory.push(residentMegabytes())
  }
} finally {
  service.disconnect()
}

console.log(`200 requests/s, everything at 100 %, medians of ${rounds} turns of ${seconds} s\n`)
console.log('receiver    p50 ms   p99 ms   failures')
for (const [name, turns] of Object.entries(sides)) {
  const columns = [
    median(turns.map(({ p50 }) => p50)).toFixed(2),
    median(turns.map(({ p99 }) => p99)).toFixed(2),
    String(turns.reduce((sum, { failures }) => sum + failures, 0)),
  ]
  console.log(`${name.padEnd(9)}${columns[0]!.padStart(9)}${columns[1]!.padStart(9)}${columns[2]!.padStart(11)}`)
}
const ratios = sides.away.map(({ p99 }, round) => p99 / sides.there[round]!.p99)
console.log(`\np99 away / there  ${median(ratios).toFixed(2)}   (aim: below 1.10)`)
console.log(
  `resident memory   ${memory[0]!.toFixed(0)} MB after the first outage, ${memory.at(-1)!.toFixed(0)} MB after the last`,
)
