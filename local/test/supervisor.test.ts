import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startNode, supervise } from '../supervisor.ts'

const node = (script: string, onLine: (line: string) => void = () => {}) =>
  startNode({ name: 'test', args: ['-e', script], cwd: '/', env: process.env, onLine })

async function until(holds: () => boolean) {
  const deadline = Date.now() + 10_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'not within 10 s')
    await delay(10)
  }
}

test('starts again what crashed, after a pause that doubles, and says so', async () => {
  const said: string[] = []
  let starts = 0
  const supervised = await supervise(
    'crashing',
    () => {
      starts++
      return node('process.exit(7)')
    },
    (text) => said.push(text),
  )
  await until(() => starts === 3)
  await supervised.stop()
  assert.deepEqual(said.slice(0, 2), [
    'crashing ended with exit code 7; starting it again in 200 ms',
    'crashing ended with exit code 7; starting it again in 400 ms',
  ])
})

test('starts again what was killed, under a new process id', async () => {
  const said: string[] = []
  const supervised = await supervise(
    'killed',
    () => node('setInterval(() => {}, 1000)'),
    (text) => said.push(text),
  )
  const first = supervised.pid
  supervised.kill('SIGKILL')
  await until(() => supervised.pid !== undefined && supervised.pid !== first)
  await supervised.stop()
  assert.equal(said[0], 'killed was ended by SIGKILL; starting it again in 200 ms')
})

test('stop ends it for good', async () => {
  let starts = 0
  const supervised = await supervise(
    'stopped',
    () => {
      starts++
      return node('setInterval(() => {}, 1000)')
    },
    () => assert.fail('a stop is no crash'),
  )
  const pid = supervised.pid!
  await supervised.stop()
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  await delay(300)
  assert.equal(starts, 1)
})

test('hands on each line of stdout and stderr', async () => {
  const lines: string[] = []
  const running = await node('console.log("one\\ntwo"); console.error("three")', (line) => lines.push(line))
  await running.exited
  await until(() => lines.length === 3)
  assert.deepEqual(lines.toSorted(), ['one', 'three', 'two'])
})
