import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { writtenLabs } from '@hello/labs/all-labs'
import type { WrittenLab } from '@hello/labs/lab'
import { gradeWork, solutionOf, startOf } from '@hello/labs/work'
import { checkout } from '@hello/local/processes/checkout'
import { findProgram } from '@hello/local/stack/find-programs'
import { wrongWork } from './wrong-work.ts'

/** LAB=one-in-a-hundred tries one. */
const tried = writtenLabs.filter(({ name }) => !process.env.LAB || process.env.LAB.split(',').includes(name))

// In the checkout, as a learner's, for packages are looked for above the file.
mkdirSync(join(checkout, '.local'), { recursive: true })
const folder = mkdtempSync(join(checkout, '.local', 'written-'))
after(() => rmSync(folder, { recursive: true }))

const grade = (lab: WrittenLab, text: string) => {
  const work = mkdtempSync(join(folder, 'work-'))
  cpSync(dirname(startOf(lab)), work, { recursive: true })
  const file = join(work, lab.file)
  writeFileSync(file, text)
  return gradeWork(lab, file, new AbortController().signal)
}

for (const lab of tried)
  describe(lab.name, {
    skip: lab.needs && !findProgram(lab.needs) ? `there is no ${lab.needs}: make tools STACK=1` : false,
  }, () => {
    const right = readFileSync(solutionOf(lab), 'utf8')

    test('is solved by an expert', async () => assert.equal(await grade(lab, right), undefined))

    const wrong = Object.entries(wrongWork[lab.name]!)
    test('has wrong answers that are plausible', () => assert.ok(wrong.length >= 3))

    for (const [mistake, [from, to, lack]] of wrong)
      test(`is failed by ${mistake}`, async () => {
        assert.ok(right.includes(from), `the solution has no ${from}`)
        const said = await grade(lab, right.replaceAll(from, to))
        assert.match(said?.en ?? 'nothing', lack)
        assert.ok(said!.ko)
      })

    test('is failed by what there is at the start, by an empty file, and without one', async () => {
      assert.ok(await grade(lab, readFileSync(startOf(lab), 'utf8')))
      assert.ok(await grade(lab, ''))
      assert.ok(await gradeWork(lab, join(folder, 'nowhere'), new AbortController().signal))
    })
  })
