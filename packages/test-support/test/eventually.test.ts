import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../src/eventually.ts'

/** What each call of a check does, the last one for ever. */
function calls<T>(...answers: (T | Error)[]): () => T {
  let call = 0
  return () => {
    const answer = answers[Math.min(call++, answers.length - 1)]!
    if (answer instanceof Error) throw answer
    return answer
  }
}

test('goes on until the check neither throws nor gives false, and resolves to what it gave', async () => {
  const check = calls<number | false>(new Error('not yet'), false, 7)
  assert.equal(await eventually(check, { everyMs: 1 }), 7)
})

test('takes undefined for an answer: a check of assertions returns nothing', async () => {
  assert.equal(await eventually(calls<undefined>(new Error('not yet'), undefined), { everyMs: 1 }), undefined)
})

test('throws what the check threw last', async () => {
  const check = calls(new Error('first'), new Error('last'))
  await assert.rejects(eventually(check, { seconds: 0.05, everyMs: 1 }), /^Error: last$/)
})

test('shows the code of a check that gave false to the end', async () => {
  const check = async () => process.pid === 0
  await assert.rejects(eventually(check, { seconds: 0.05, everyMs: 1 }), /not within 0\.05 s: .*process\.pid === 0/)
})
