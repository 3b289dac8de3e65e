import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fullMarks, pointsFor } from '../src/grade.ts'
import { readProgress, writeProgress } from '../src/progress.ts'

test('keeps what was made of each lab, and begins anew where the file is no progress', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'labs-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'deep', 'labs.json')
  assert.deepEqual(readProgress(file), {})
  writeProgress(file, 'slow-stock', { hints: 1, wrong: 0, points: 85 })
  writeProgress(file, 'turned-away', { hints: 0, wrong: 2 })
  assert.deepEqual(readProgress(file), {
    'slow-stock': { hints: 1, wrong: 0, points: 85 },
    'turned-away': { hints: 0, wrong: 2 },
  })
  for (const broken of ['{"slow', '[1]', 'null', '"text"']) {
    writeFileSync(file, broken)
    assert.deepEqual(readProgress(file), {}, broken)
  }
})

test('a hint and a wrong answer cost, and what was solved is worth something', () => {
  assert.equal(pointsFor({ hints: 0, wrong: 0 }), fullMarks)
  assert.ok(pointsFor({ hints: 1, wrong: 0 }) < pointsFor({ hints: 0, wrong: 1 }))
  assert.ok(pointsFor({ hints: 3, wrong: 50 }) > 0)
})
