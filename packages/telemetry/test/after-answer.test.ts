import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { afterAnswer, answeredAt } from '../src/after-answer.ts'

function blockFor(milliseconds: number) {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

test('the rest of all requests of a turn is done at its end, each as of when it was answered', async () => {
  const finished: { name: string; at: number }[] = []
  for (const name of ['first', 'second']) {
    afterAnswer(() => finished.push({ name, at: answeredAt() }))
    blockFor(20)
  }
  assert.equal(finished.length, 0)
  const turnEndedAt = performance.now()
  await turnEnd()
  const [first, second] = finished
  assert.deepEqual([first!.name, second!.name], ['first', 'second'])
  assert.ok(second!.at - first!.at >= 20)
  assert.ok(turnEndedAt - second!.at >= 20)
  assert.ok(answeredAt() >= turnEndedAt)
})

for (const [end, script] of [
  ['by exit', 'process.exit(7)'],
  ['by an uncaught error', 'throw new Error("crash")'],
]) {
  test(`a process that ends ${end} within the turn loses nothing of it`, () => {
    const module = new URL('../src/after-answer.ts', import.meta.url)
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { afterAnswer } from '${module}'
        afterAnswer(() => console.log('finished'))
        ${script}`,
      ],
      { encoding: 'utf8' },
    )
    assert.notEqual(status, 0)
    assert.equal(stdout, 'finished\n')
  })
}
