import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { afterAnswer } from '../src/after-answer.ts'

test('the rest of all requests of a turn is done at its end, in their order', async () => {
  const finished: string[] = []
  for (const name of ['first', 'second']) afterAnswer(() => finished.push(name))
  assert.deepEqual(finished, [])
  await turnEnd()
  assert.deepEqual(finished, ['first', 'second'])
})

for (const [end, script] of [
  ['by exit', 'afterAnswer(finish); process.exit(7)'],
  ['by exit in the rest of another request', 'afterAnswer(finish); afterAnswer(() => process.exit(7))'],
  ['by an uncaught error', 'afterAnswer(finish); fail()'],
  ['by an error in the rest of another request', 'afterAnswer(fail); afterAnswer(finish)'],
]) {
  test(`a process that ends ${end} within the turn loses nothing of it, and no line`, () => {
    const module = (name: string) => new URL(`../src/${name}.ts`, import.meta.url)
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { afterAnswer } from '${module('after-answer')}'
        import { logLines } from '${module('log-lines')}'
        const finish = () => logLines.write('finished\\n')
        logLines.write('begun\\n') // while it is written, the next has to wait
        const fail = () => { throw new Error('crash') }
        ${script}`,
      ],
      { encoding: 'utf8' },
    )
    assert.notEqual(status, 0)
    assert.deepEqual(stdout.split('\n').toSorted(), ['', 'begun', 'finished'])
  })
}
