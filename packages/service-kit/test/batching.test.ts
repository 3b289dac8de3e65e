import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { batching } from '../src/batching.ts'

/** Something that ends when the test says so. */
function gate() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { ended: promise, end: resolve, fail: reject }
}

/** Asks of which the first of all statements lasts until `first` has ended, and the items of each statement that was run. */
function asking(run: (items: string[]) => void | Promise<void> = () => {}, keyOf?: (item: string) => string) {
  const first = gate()
  const statements: string[][] = []
  const lockTimeouts: string[] = []
  const ask = batching<string, string>({
    name: 'test',
    ...(keyOf && { keyOf }),
    async run(items, lockTimeout) {
      lockTimeouts.push(lockTimeout)
      if (statements.push(items) === 1) await first.ended
      await run(items)
      return items.map((item) => `answer to ${item}`)
    },
  })
  return { ask, first, statements, lockTimeouts }
}

const unavailable = () => Object.assign(new Error('the server is away'), { code: '57P01' })

test('who is alone is served at the end of the turn, without a limit for locks', async () => {
  const { ask, first, statements, lockTimeouts } = asking()
  const answer = ask('a')
  await turnEnd()
  assert.deepEqual(statements, [['a']])
  assert.deepEqual(lockTimeouts, ['0'])
  first.end()
  assert.equal(await answer, 'answer to a')
})

test('what is asked for meanwhile goes into the next statement, in order, and each gets its own answer', async () => {
  const { ask, first, statements, lockTimeouts } = asking()
  const begun = ask('a')
  await turnEnd()
  const answers = [begun, ...['b', 'c', 'd'].map(ask)]
  first.end()
  assert.deepEqual(await Promise.all(answers), ['answer to a', 'answer to b', 'answer to c', 'answer to d'])
  assert.deepEqual(statements, [['a'], ['b', 'c', 'd']])
  assert.notEqual(lockTimeouts[1], '0')
})

test('what one turn has brought goes into one statement', async () => {
  const { ask, first, statements } = asking()
  const answers = ['a', 'b'].map(ask)
  await Promise.resolve()
  answers.push(ask('c'))
  first.end()
  await Promise.all(answers)
  assert.deepEqual(statements, [['a', 'b', 'c']])
})

test('a statement that hangs does not keep the next', async () => {
  const { ask, statements } = asking()
  void ask('hangs')
  await turnEnd()
  assert.deepEqual(await Promise.all(['b', 'c'].map(ask)), ['answer to b', 'answer to c'])
  assert.deepEqual(statements, [['hangs'], ['b', 'c']])
})

test('no statement is for more than a hundred, who do not wait for the one under way', async () => {
  const { ask, statements } = asking()
  void ask('hangs')
  await turnEnd()
  const answers = Array.from({ length: 250 }, (_, index) => ask(String(index)))
  await turnEnd()
  assert.deepEqual(
    statements.map(({ length }) => length),
    [1, 100, 100],
  )
  assert.equal((await Promise.all(answers))[249], 'answer to 249')
  assert.deepEqual(
    statements.map(({ length }) => length),
    [1, 100, 100, 50],
  )
})

test('two with the same key are not in one statement', async () => {
  const { ask, first, statements } = asking(undefined, (item) => item[0]!)
  const begun = ask('a')
  await turnEnd()
  const answers = [begun, ...['b1', 'b2', 'c', 'b3'].map(ask)]
  first.end()
  await Promise.all(answers)
  assert.deepEqual(statements, [['a'], ['b1', 'c'], ['b2'], ['b3']])
})

test('nobody fails because of another', async () => {
  const { ask, first } = asking((items) => {
    if (items.includes('absurd')) throw new Error('out of range')
  })
  const begun = ask('a')
  await turnEnd()
  const answers = [begun, ...['b', 'absurd', 'c'].map(ask)]
  first.end()
  assert.deepEqual(
    (await Promise.allSettled(answers)).map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  )
  await assert.rejects(answers[2]!, /out of range/)
})

test('that the database is away is told to all, and nothing is sent again', async () => {
  const { ask, first, statements } = asking(([item]) => {
    if (item === 'b') throw unavailable()
  })
  const begun = ask('a')
  await turnEnd()
  const answers = [begun, ...['b', 'c'].map(ask)]
  first.end()
  for (const answer of answers.slice(1)) await assert.rejects(answer, /the server is away/)
  assert.deepEqual(statements, [['a'], ['b', 'c']])
  assert.equal(await ask('d'), 'answer to d')
})

test('after an error of the one under way the next statement begins', async () => {
  const { ask, first } = asking()
  const failing = ask('a')
  await turnEnd()
  const next = ask('b')
  first.fail(unavailable())
  await assert.rejects(failing)
  assert.equal(await next, 'answer to b')
})
