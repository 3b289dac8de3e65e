import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { isPortTaken } from '../ports.ts'
import { removePostgresData } from '../postgres.ts'
import { services } from '../processes.ts'
import { type RunFile, readRunFile } from '../run-file.ts'

const main = new URL('../main.ts', import.meta.url).pathname
const portOffset = 2000 + 10 * Math.floor(Math.random() * 700)
const dataDir = await mkdtemp(join(tmpdir(), 'hello-launcher-'))
const launched: ChildProcess[] = []

after(async () => {
  for (const child of launched) if (child.exitCode === null) child.kill('SIGKILL')
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
      const deadline = Date.now() + 60_000
      while (!output.match(text)) {
        assert.ok(Date.now() < deadline && child.exitCode === null, `it never said ${text}:\n${output}`)
        await delay(20)
      }
    },
  }
}

const readRun = async () => JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as RunFile

async function assertNothingLeft(run: RunFile) {
  for (const [name, pid] of Object.entries(run.processes)) assert.ok(!isRunning(pid), `${name} still runs`)
  for (const { service, port, managementPort } of services) {
    for (const one of [port, managementPort])
      assert.ok(!(await isPortTaken(one + portOffset)), `${service}: port ${one}`)
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

  const reset = launch('--reset')
  assert.equal(await reset.ended(), 1)
  assert.match(reset.output(), /already runs here/)

  process.kill((await readRun()).processes.product!, 'SIGKILL')
  await first.says(/product was ended by SIGKILL; starting it again in 200 ms/)

  const run = await readRun()
  first.child.kill('SIGINT')
  assert.equal(await first.ended(), 0)
  await assertNothingLeft(run)
})

test('keeps the data between runs, ends what a killed launcher left behind, and stops on SIGTERM', async () => {
  const first = launch('--no-signals')
  await first.says('Ctrl-C stops everything')
  const gateway = `http://127.0.0.1:${8080 + portOffset}`
  const created = await fetch(`${gateway}/api/products`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Kept', price: 1 }),
  })
  const { id } = (await created.json()) as { id: string }
  const orphans = await readRun()
  first.child.kill('SIGKILL')
  await first.ended()
  assert.ok(isRunning(orphans.processes.postgres!))

  const second = launch('--no-signals')
  await second.says('Ctrl-C stops everything')
  for (const pid of Object.values(orphans.processes)) assert.ok(!isRunning(pid))
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
  third.child.kill('SIGHUP')
  assert.equal(await third.ended(), 0)
})

test('names a taken port, who holds it and what to do', async () => {
  const server = createServer().listen(8083 + portOffset, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const refused = launch('--no-signals')
    assert.equal(await refused.ended(), 1)
    const holder = process.platform === 'linux' ? `by process ${process.pid}: .*node` : 'by a process'
    assert.match(refused.output(), new RegExp(`Port ${8083 + portOffset} \\(order\\) is taken ${holder}`))
    assert.match(refused.output(), /--port-offset/)
  } finally {
    server.close()
  }
})

test('--help and unusable options', async () => {
  const help = launch('--help')
  assert.equal(await help.ended(), 0)
  assert.match(help.output(), /Usage: node local\/main.ts/)
  const wrong = launch('--colour', 'red')
  assert.equal(await wrong.ended(), 2)
  assert.match(wrong.output(), /--colour/)
})
