import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startTied } from '@hello/processes/tied-process'
import type { ProcessState } from '@hello/signals-api/process'
import { eventually } from '@hello/test-support/eventually'
import { supervise } from '../supervisor.ts'

function node(script: string) {
  return startTied({
    command: process.execPath,
    args: ['-e', script],
    cwd: '/',
    env: process.env,
    stopSignals: ['SIGTERM', 'SIGKILL'],
    stopTimeout: 5000,
    output: () => {},
  })
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
  await eventually(() => starts === 3)
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
  await eventually(() => supervised.pid !== undefined && supervised.pid !== first)
  await supervised.stop()
  assert.equal(said[0], 'killed was ended by SIGKILL; starting it again in 200 ms')
})

test('tells of each state, with the last exit, the restarts and the next start', async () => {
  const states: ProcessState[] = []
  let starts = 0
  const supervised = await supervise(
    'told',
    () => {
      starts++
      if (starts === 2) throw new Error('no such folder')
      return node('setInterval(() => {}, 1000)')
    },
    () => {},
    (state) => states.push(state),
  )
  const { pid } = supervised
  const killed = Date.now()
  supervised.kill('SIGKILL')
  await eventually(() => starts === 3 && supervised.pid !== undefined)
  await supervised.stop()
  assert.deepEqual(
    states.map(({ state, restarts }) => [state, restarts]),
    [
      ['starting', 0],
      ['running', 0],
      ['waiting', 0],
      ['starting', 1],
      ['waiting', 1],
      ['starting', 2],
      ['running', 2],
      ['stopped', 2],
    ],
  )
  const [, running, crashed, , failed, , again, stopped] = states
  assert.deepEqual([running!.pid, running!.lastExit, running!.nextStart], [pid, null, null])
  assert.deepEqual([crashed!.pid, crashed!.lastExit!.signal, crashed!.lastExit!.error], [null, 'SIGKILL', null])
  assert.ok(crashed!.lastExit!.time >= killed && crashed!.nextStart === crashed!.lastExit!.time + 200)
  assert.deepEqual([failed!.lastExit!.signal, failed!.lastExit!.error], [null, 'no such folder'])
  assert.equal(failed!.nextStart! - failed!.lastExit!.time, 400)
  assert.deepEqual([again!.lastExit!.error, again!.nextStart], ['no such folder', null])
  assert.deepEqual([stopped!.pid, stopped!.nextStart], [null, null])
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
