import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentLabs } from '../src/all-labs.ts'
import type { IncidentLab } from '../src/lab.ts'
import type { LabRun } from '../src/lab-run.ts'
import { labText } from '../src/lab-text.ts'
import type { LabProgress } from '../src/progress.ts'
import { openSession } from '../src/session.ts'

const right = { component: 'order', mechanism: 'errors', evidence: 'abc' }
const wrong = { ...right, component: 'gateway' }

/** A shop that broke a second ago, where one answer is right. */
const run: LabRun = {
  periods: () => ({ healthy: { from: 1000, to: 2000 }, incident: { from: 2000, to: 3000 } }),
  grade: async ({ component }) => ({ component: component === right.component, mechanism: true, evidence: true }),
  end: async () => {},
}

function open(lab: IncidentLab = incidentLabs[1]!, hidden = false) {
  const made: LabProgress = { hints: 0, wrong: 0 }
  const saved: LabProgress[] = []
  const save = () => saved.push({ ...made })
  return { session: openSession({ lab, made, save }, { hidden, wellFor: 30_000, next: incidentLabs[0] }), made, saved }
}

for (const lab of incidentLabs)
  test(`${lab.name} shows nothing that gives its cause away before it is over`, async () => {
    const texts = [labText(lab, 'en'), labText(lab, 'ko')]
    for (const hidden of [false, true]) {
      const { session } = open(lab, hidden)
      session.begin(run)
      const { components, mechanisms, ...shown } = session.shown()
      const before = JSON.stringify(shown)
      for (const { solution } of texts) assert.ok(!before.includes(JSON.stringify(solution).slice(1, 40)), before)
      if ('fault' in lab.incident) assert.ok(!before.includes(`"${lab.incident.fault}"`), before)
      assert.notEqual(shown.evidence.kind, 'none')
      if (hidden) for (const { title } of texts) assert.ok(!before.includes(title), before)
      assert.equal(shown.name === null, hidden)
      session.finish(false)
      const after = session.shown()
      assert.equal(after.name?.title.en, texts[0]!.title)
      assert.equal(after.end?.solution.ko, texts[1]!.solution)
    }
  })

test('counts each hint once and each wrong answer, writes both down, and is over when it is solved', async () => {
  const { session, saved } = open()
  assert.equal(session.isOpen(), false)
  await assert.rejects(session.answer(right), /not broken yet/)
  session.begin(run)
  assert.equal(session.isOpen(), true)
  assert.equal(session.shown().brokenAt, 2000)
  const hint = session.hint()
  assert.deepEqual(session.shown().hints, [hint])
  await session.answer(wrong)
  assert.deepEqual(session.shown().grade, { component: false, mechanism: true, evidence: true })
  assert.equal(session.shown().points, 75)
  assert.equal(session.over.aborted, false)
  await session.answer(right)
  assert.ok(session.over.aborted)
  assert.ok(session.isSolved())
  const { end, points } = session.shown()
  assert.ok(end?.solved)
  assert.equal(end.next, 1)
  assert.equal(points, 75)
  assert.deepEqual(saved, [
    { hints: 1, wrong: 0 },
    { hints: 1, wrong: 1 },
  ])
})

test('a lab that was given up is not solved, also by an answer that comes after', async () => {
  const { session, saved } = open()
  session.begin(run)
  const answering = session.answer(right)
  session.finish(false)
  await answering
  assert.equal(session.isSolved(), false)
  assert.equal(session.shown().end?.solved, false)
  assert.deepEqual(saved, [])
})

test('has no more hints than there are', () => {
  const { session } = open()
  session.begin(run)
  while (session.shown().moreHints) assert.ok(session.hint())
  const { hints } = session.shown()
  assert.equal(session.hint(), undefined)
  assert.deepEqual(session.shown().hints, hints)
})

test('goes on after one of two causes, which costs nothing', async () => {
  const { session, made } = open()
  const answers = [1, undefined]
  session.begin({
    ...run,
    grade: async () => {
      const missing = answers.shift()
      return { component: true, mechanism: true, evidence: true, ...(missing && { missing }) }
    },
  })
  await session.answer(right)
  assert.equal(session.shown().grade?.missing, 1)
  assert.equal(session.isOpen(), true)
  await session.answer(right)
  assert.ok(session.isSolved())
  assert.deepEqual(made, { hints: 0, wrong: 0 })
})
