import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { keepFault } from '@hello/faults/flag-store'
import { flagsInFile } from '@hello/faults/flags-file'
import { removePostgresData } from '@hello/postgres/server'
import { isPortTaken } from '@hello/processes/ports'
import { findProcess } from '@hello/processes/process-info'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import { type RunFile, readRunFile } from '../run-file.ts'

const main = new URL('../main.ts', import.meta.url).pathname
// Away from a shop without offset, from ports for outgoing connections, and from freePort.
const portOffset = 1200 + 10 * Math.floor(Math.random() * 330)
const dataDir = await mkdtemp(join(tmpdir(), 'hello-launcher-'))
const launched: ChildProcess[] = []

// What a test that failed has left would keep the ports from the next.
afterEach(async () => {
  for (const child of launched.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    // Asked twice, it waits for nothing.
    child.kill('SIGINT')
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
})

after(async () => {
  await removePostgresData(join(dataDir, 'postgres'))
  await rm(dataDir, { recursive: true, force: true })
})

interface Launch {
  child: ChildProcess
  output(): string
  says(text: string | RegExp): Promise<void>
  ended(): Promise<number | null>
}

function launch(...args: string[]): Launch {
  const child = spawn(process.execPath, [main, '--port-offset', String(portOffset), '--data', dataDir, ...args])
  launched.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream!.on('data', (chunk) => {
      output += chunk
    })
  }
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return {
    child,
    output: () => output,
    ended: () => exit,
    async says(text) {
      await eventually(() => output.match(text) !== null || child.exitCode !== null)
      assert.match(output, new RegExp(text))
    },
  }
}

async function readRun(): Promise<RunFile> {
  const run = await readRunFile(dataDir)
  assert.ok(run, 'there is no run file')
  return run
}

async function assertNothingLeft(run: RunFile) {
  for (const { name, pid } of Object.values(run.processes))
    assert.equal(findProcess(pid!), undefined, `${name} still runs`)
  for (const { name, port, managementPort } of services) {
    for (const one of [port, managementPort]) assert.ok(!(await isPortTaken(one + portOffset)), `${name}: port ${one}`)
  }
}

test('starts the shop, refuses a second start, restarts what is killed, and leaves nothing behind', async () => {
  const first = launch('--no-signals')
  await first.says('Ctrl-C stops everything')
  assert.match(first.output(), new RegExp(`Shop +http://localhost:${3001 + portOffset}`))
  const health = await fetch(`http://127.0.0.1:${8080 + portOffset}/api/products`)
  assert.equal(health.status, 200)

  const second = launch('--no-signals')
  assert.equal(await second.ended(), 1)
  assert.match(
    second.output(),
    new RegExp(`already runs here: process ${first.child.pid}.*http://localhost:${3001 + portOffset}`),
  )

  const elsewhere = launch('--no-signals', '--data', `${dataDir}-elsewhere`)
  assert.equal(await elsewhere.ended(), 1)
  assert.match(elsewhere.output(), new RegExp(`^Ports .*are taken by process ${first.child.pid}: .*main.ts`))
  await rm(`${dataDir}-elsewhere`, { recursive: true })

  const reset = launch('--reset')
  assert.equal(await reset.ended(), 1)
  assert.match(reset.output(), /already runs here/)

  process.kill((await readRun()).processes.product!.pid!, 'SIGKILL')
  await first.says(/product was ended by SIGKILL; starting it again in 200 ms/)

  const run = await readRun()
  first.child.kill('SIGINT')
  assert.equal(await first.ended(), 0)
  await assertNothingLeft(run)
})

test('keeps the data between runs and when killed, empties it when asked, stops on SIGTERM and SIGHUP', async () => {
  const first = launch('--no-signals')
  await first.says('Ctrl-C stops everything')
  const gateway = `http://127.0.0.1:${8080 + portOffset}`
  const created = await fetch(`${gateway}/api/products`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Kept', price: 1 }),
  })
  const { id } = (await created.json()) as { id: string }
  const killed = await readRun()
  first.child.kill('SIGKILL')
  await first.ended()

  const second = launch('--no-signals')
  await second.says('Ctrl-C stops everything')
  for (const { pid } of Object.values(killed.processes)) assert.equal(findProcess(pid!), undefined)
  assert.equal((await fetch(`${gateway}/api/products/${id}`)).status, 200)
  const run = await readRun()
  second.child.kill('SIGTERM')
  assert.equal(await second.ended(), 0)
  await assertNothingLeft(run)

  const reset = launch('--reset')
  assert.equal(await reset.ended(), 0)
  const third = launch('--no-signals')
  await third.says('Ctrl-C stops everything')
  assert.equal((await fetch(`${gateway}/api/products/${id}`)).status, 404)
  const last = await readRun()
  third.child.kill('SIGHUP')
  assert.equal(await third.ended(), 0)
  await assertNothingLeft(last)
})

test('ends without a terminal to write to, and at once when asked twice', async () => {
  const unread = launch('--no-signals')
  await unread.says('Ctrl-C stops everything')
  const run = await readRun()
  unread.child.stdout!.destroy()
  await fetch(`http://127.0.0.1:${8080 + portOffset}/api/products`)
  assert.equal(await unread.ended(), 0)
  await assertNothingLeft(run)

  const twice = launch('--no-signals')
  await twice.says('Ctrl-C stops everything')
  const killed = await readRun()
  twice.child.kill('SIGINT')
  twice.child.kill('SIGTERM')
  assert.equal(await twice.ended(), 1)
  await eventually(() => Object.values(killed.processes).every(({ pid }) => findProcess(pid!) === undefined))
  await assertNothingLeft(killed)
})

test('tells of a fault, but not while a lab asks which one it is', async (t) => {
  const launcher = launch('--no-signals')
  await launcher.says('Ctrl-C stops everything')
  const ending = new AbortController()
  t.after(() => ending.abort())
  const { managementPort } = services.find(({ name }) => name === 'inventory')!
  /** Keeps the fault on until the function that it gives is called. */
  function slowDown() {
    const end = new AbortController()
    const slow = allFaults.find(({ name }) => name === 'slow-inventory')!
    const signal = AbortSignal.any([end.signal, ending.signal])
    const kept = keepFault(flagsInFile(join(dataDir, 'faults.json')), slow, { forMs: 3_600_000, signal })
    return () => {
      end.abort()
      return kept
    }
  }
  async function becomesSlow(value: 0 | 1) {
    await eventually(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${managementPort + portOffset}/metrics`)).text()
      assert.match(metrics, new RegExp(`^shop_fault_active\\{.*fault="slow-inventory".*\\} ${value}$`, 'm'))
    })
  }

  const lab = createServer().listen((await readRun()).labPort, '127.0.0.1')
  const mend = slowDown()
  await becomesSlow(1)
  await mend()
  await becomesSlow(0)
  // What comes after the line that must not be shown.
  await fetch(`http://127.0.0.1:${8080 + portOffset}/api/inventory/product1`)
  await launcher.says(/GET \/inventory\/:productId/)
  lab.close()

  const mendAgain = slowDown()
  await launcher.says(/a fault is on.*fault=slow-inventory/)
  assert.equal(launcher.output().match(/slow-inventory/g)!.length, 1)
  await mendAgain()
  launcher.child.kill('SIGINT')
  assert.equal(await launcher.ended(), 0)
})

test('names a taken port, who holds it and what to do', async () => {
  const server = createServer().listen(8083 + portOffset, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const refused = launch('--no-signals')
    assert.equal(await refused.ended(), 1)
    const holder = process.platform === 'linux' ? `by process ${process.pid}: .*node` : 'by a process'
    assert.match(refused.output(), new RegExp(`Port ${8083 + portOffset} \\(order\\) is taken ${holder}`))
    assert.match(refused.output(), /make local PORT_OFFSET=1000/)
  } finally {
    server.close()
  }
})

test('--help and unusable options', async () => {
  const help = launch('--help')
  assert.equal(await help.ended(), 0)
  assert.match(help.output(), /Usage: node local\/launcher\/main.ts/)
  const wrong = launch('--colour', 'red')
  assert.equal(await wrong.ended(), 2)
  assert.match(wrong.output(), /--colour/)
})
