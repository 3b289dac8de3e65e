import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ProcessState } from '@hello/signals-api/process'
import { createRunFile, removeRunFile } from '../run-file.ts'

const script = new URL('../status.ts', import.meta.url).pathname
const dataDir = await mkdtemp(join(tmpdir(), 'hello-status-'))
const children: ChildProcess[] = []

after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(dataDir, { recursive: true })
})

function sleeper(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', ...args], { stdio: 'ignore' })
  children.push(child)
  return child
}

function status(...args: string[]) {
  const { stdout, stderr, status: code } = spawnSync(process.execPath, [script, '--data', dataDir, ...args])
  return { output: `${stdout}${stderr}`, code }
}

const launcher = sleeper('main.ts')
const service = sleeper('server.ts')

/** A shop of these processes, for one look at it. */
function look(...processes: Partial<ProcessState>[]) {
  const running = { state: 'running', pid: service.pid!, restarts: 0, lastExit: null, nextStart: null } as const
  const named = processes.map((state, index) => ({ name: `process${index}`, ...running, ...state }))
  createRunFile(dataDir, {
    pid: launcher.pid!,
    frontend: 'http://localhost:3001',
    shelves: { product: '', inventory: '' },
    labPort: 4322,
    processes: Object.fromEntries(named.map((state) => [state.name, state])),
  })
  const { output, code } = status()
  removeRunFile(dataDir)
  return { code, lines: output.trimEnd().split('\n') }
}

const crash = { time: Date.now() - 65_000, code: null, signal: 'SIGKILL', error: null } as const

test('shows an aligned table, and 0 while every process runs', () => {
  const { code, lines } = look({ name: 'postgres' }, { name: 'order', restarts: 12, lastExit: crash })
  assert.equal(code, 0)
  const [where, , header, postgres, order] = lines
  assert.equal(where, `http://localhost:3001, started by process ${launcher.pid}`)
  assert.match(header!, /^NAME +STATE +PID +RESTARTS +LAST EXIT +NEXT START$/)
  assert.match(postgres!, new RegExp(`^postgres +running +${service.pid} +0$`))
  assert.match(order!, /^order +running +\d+ +12 +was ended by SIGKILL \d+\.\d s ago$/)
  for (const [column, text] of [
    ['STATE', 'running'],
    ['RESTARTS', '12'],
    ['LAST EXIT', 'was'],
  ]) {
    assert.equal(order!.search(new RegExp(`\\b${text}\\b`)), header!.indexOf(column!), column)
  }
})

test('shows 1 and the next start while one waits after a crash', () => {
  const { code, lines } = look({}, { state: 'waiting', pid: null, lastExit: crash, nextStart: Date.now() + 60_000 })
  assert.equal(code, 1)
  assert.match(lines[4]!, /^process1 +waiting +0 +was ended by SIGKILL \d+\.\d s ago +in \d+\.\d s$/)
})

test('says that a process could not be started, or is gone though its launcher does not know', async () => {
  const failed = look({ state: 'waiting', pid: null, lastExit: { ...crash, signal: null, error: 'no such folder' } })
  assert.equal(failed.code, 1)
  assert.match(failed.lines[3]!, /could not be started \d+\.\d s ago/)
  const ended = sleeper()
  const exit = new Promise((resolve) => ended.once('exit', resolve))
  ended.kill('SIGKILL')
  await exit
  const gone = look({ pid: ended.pid! })
  assert.equal(gone.code, 1)
  assert.match(gone.lines[3]!, /^process0 +gone/)
})

test('shows 3 where no shop runs, 2 for unusable options', () => {
  assert.equal(status().code, 3)
  assert.match(status().output, /make local/)
  const shelves = { product: '', inventory: '' }
  createRunFile(dataDir, { pid: service.pid!, frontend: '', shelves, labPort: 4322, processes: {} })
  assert.equal(status().code, 3)
  removeRunFile(dataDir)
  const wrong = status('--colour', 'red')
  assert.equal(wrong.code, 2)
  assert.match(wrong.output, /--colour/)
  assert.match(status('--help').output, /Exit codes/)
})
