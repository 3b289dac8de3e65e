/**
 * node bench/local-start.ts: how long `make local` takes until every service is ready, from an installed checkout with a built
 * frontend, and the memory of each process at rest (proportional set size: what is shared counts once in the sum); then the shop
 * with and without the settings for small memory (local/processes/node-memory.ts), in turns.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { readRunFile } from '@hello/local/launcher/run-file'
import { checkout } from '@hello/local/processes/checkout'
import { startShop } from '@hello/local/shop/start-shop'
import { removePostgresData } from '@hello/postgres/server'
import { memoryTaken } from '@hello/processes/process-info'
import type { ProcessState } from '@hello/signals-api/process'
import { median } from '@hello/test-support/statistics'

const rounds = Number(process.env.ROUNDS ?? 3)
/** Until what a start leaves behind is collected and idle database connections are closed (after 30 s), in milliseconds. */
const restAfter = 40_000
const portOffset = 4500

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

const memoryOf = (...processes: ProcessState[]) => memoryTaken(processes.flatMap(({ pid }) => pid ?? []))

function memoryTable(processes: ProcessState[]): [name: string, bytes: number][] {
  return [...processes.map((one): [string, number] => [one.name, memoryOf(one)]), ['together', memoryOf(...processes)]]
}

/** From the start of the launcher to the line that says that all is ready, in milliseconds, and what then takes memory. */
async function runLauncher(dataDir: string, rest: boolean) {
  const began = performance.now()
  const args = ['local/launcher/main.ts', '--port-offset', String(portOffset), '--data', dataDir]
  const env = { ...process.env, NODE_COMPILE_CACHE: join(checkout, '.local/compile-cache') }
  const child = spawn(process.execPath, args, { cwd: checkout, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const ready = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes(' ready after ') && line.includes('the services and PostgreSQL')) {
        resolve(performance.now() - began)
      }
    })
  })
  const time = await Promise.race([ready, exit.then(() => undefined)])
  if (time === undefined) throw new Error('the launcher ended before it was ready')
  let memory: [string, number][] = []
  if (rest) {
    await delay(restAfter)
    const run = await readRunFile(dataDir)
    memory = [...memoryTable(Object.values(run!.processes)), ['launcher, with the signals', memoryTaken([child.pid!])]]
    // memoryTaken adds descendants, and the launcher's are the rows above.
    memory.at(-1)![1] -= memory.at(-2)![1]
  }
  child.kill('SIGTERM')
  await exit
  return { time, memory }
}

interface Side {
  name: string
  smallMemory: boolean
  times: number[]
  bytes: number[]
}

async function runSide(side: Side, dataDir: string) {
  const processes = new Map<string, ProcessState>()
  const began = performance.now()
  const shop = await startShop({
    dataDir,
    portOffset,
    signals: true,
    smallMemory: side.smallMemory,
    onProcess: (state) => {
      processes.set(state.name, state)
    },
  })
  try {
    await shop.ready()
    side.times.push(performance.now() - began)
    await delay(restAfter)
    side.bytes.push(memoryOf(...processes.values()))
  } finally {
    await shop.stop()
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'hello-local-start-'))
try {
  console.log(`${availableParallelism()} cores, load average ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds, medians\n`)
  const first = await runLauncher(dataDir, false)
  const later: number[] = []
  let memory: [string, number][] = []
  for (let round = 0; round < rounds; round++) {
    const run = await runLauncher(dataDir, round === rounds - 1)
    later.push(run.time)
    if (run.memory.length > 0) memory = run.memory
  }
  console.log(`make local, ready        first start ${seconds(first.time)}, later ${seconds(median(later))}\n`)
  console.log(`memory ${restAfter / 1000} s after that`)
  for (const [name, bytes] of memory) console.log(`  ${name.padEnd(28)} ${mebibytes(bytes).padStart(7)}`)

  const sides: [Side, Side] = [
    { name: "V8's and malloc's defaults", smallMemory: false, times: [], bytes: [] },
    { name: 'small memory (make local)', smallMemory: true, times: [], bytes: [] },
  ]
  for (let round = 0; round < rounds; round++) for (const side of sides) await runSide(side, dataDir)
  console.log(`\n${''.padEnd(30)} ${'ready'.padStart(8)} ${'at rest'.padStart(8)}`)
  for (const { name, times, bytes } of sides) {
    const row = [seconds(median(times)), mebibytes(median(bytes))]
    console.log(`  ${name.padEnd(28)} ${row.map((cell) => cell.padStart(8)).join(' ')}`)
  }
  const ratio = (of: (side: Side) => number[]) => (median(of(sides[1])) / median(of(sides[0]))).toFixed(2).padStart(8)
  console.log(`  ${'ratio'.padEnd(28)} ${ratio(({ times }) => times)} ${ratio(({ bytes }) => bytes)}`)
} finally {
  await removePostgresData(join(dataDir, 'postgres'))
  await rm(dataDir, { recursive: true, force: true })
}
