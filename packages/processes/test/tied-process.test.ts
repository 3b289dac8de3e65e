import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { findProcess } from '../src/process-info.ts'
import { startTied, type TiedOptions } from '../src/tied-process.ts'

function node(script: string, options: Partial<TiedOptions> = {}) {
  return startTied({
    command: process.execPath,
    args: ['-e', script],
    cwd: '/',
    env: process.env,
    stopSignals: ['SIGTERM', 'SIGKILL'],
    stopTimeout: 200,
    output: () => {},
    ...options,
  })
}

const forever = 'setInterval(() => {}, 1000)'

test('hands on each line of stdout and stderr', async () => {
  const lines: string[] = []
  const running = await node('console.log("one\\ntwo"); console.error("three")', { output: (line) => lines.push(line) })
  await running.exited
  await eventually(() => lines.length === 3)
  assert.deepEqual(lines.toSorted(), ['one', 'three', 'two'])
})

test('writes its output to a file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hello-tied-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'output.log')
  const running = await node('console.log("one"); console.error("two")', { output: { file } })
  assert.deepEqual(await running.exited, { code: 0, signal: null })
  assert.equal(await readFile(file, 'utf8'), 'one\ntwo\n')
})

test('takes the next signal for what does not end', async () => {
  const lines: string[] = []
  const deaf = `process.on('SIGTERM', () => {}); ${forever}; console.log('deaf')`
  const running = await node(deaf, { output: (line) => lines.push(line) })
  await eventually(() => lines.length === 1)
  await running.stop()
  assert.deepEqual(await running.exited, { code: null, signal: 'SIGKILL' })
})

test('says why the system starts no process', async () => {
  await assert.rejects(node(forever, { cwd: '/nowhere' }), /could not be started in \/nowhere: .*ENOENT/)
})

test('ends when its parent is killed', async () => {
  const tied = new URL('../src/tied-process.ts', import.meta.url)
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { startTied } from '${tied}'
     const { pid } = await startTied({ command: process.execPath, args: ['-e', '${forever}'], cwd: '/', env: process.env,
       stopSignals: ['SIGTERM'], stopTimeout: 1000, output: () => {} })
     console.log(pid)`,
  ])
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)))
  })
  assert.ok(findProcess(pid))
  parent.kill('SIGKILL')
  await eventually(() => findProcess(pid) === undefined)
})
