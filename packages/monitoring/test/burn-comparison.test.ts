import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { secondsOf } from '../src/durations.ts'
import { objectives } from '../src/objectives.ts'
import { cells, needsSloth, type Row, rows, shopTimes, slothTimes, workbookTimes } from './burn-comparison.ts'
import { needsPromtool } from './promtool.ts'
import { hours, minutes } from './scenario.ts'

const documents = ['en', 'ko'].map((language) =>
  readFileSync(new URL(`../../../docs/${language}/objectives.md`, import.meta.url), 'utf8'),
)

/** Holds the line of the documents against the times of a side. */
function hold(row: Row, times: Parameters<typeof cells>[1]) {
  const made = cells(row, times)
  for (const document of documents) {
    const line = document.split('\n').find((text) => text.startsWith(`| ${made[0]} | \`${made[1]}\` |`))
    assert.ok(line, `docs/*/objectives.md has no line for ${made[0]} ${row.urgency}`)
    const written = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''))
    assert.deepEqual(
      written.map((cell, at) => made[at] && cell),
      made,
    )
  }
}

const name = ({ share, urgency }: Row) => `of ${share * 100} % errors, ${urgency}`

for (const row of rows)
  test(`the documents have what the workbook's windows make ${name(row)}`, () =>
    hold(row, { workbook: workbookTimes(row) }))

test("the documents have what the shop's rules make", { concurrency: 2, ...needsPromtool }, async (t) => {
  await Promise.all(
    rows.map((row) =>
      t.test(name(row), async () => {
        const workbook = workbookTimes(row)
        const shop = await shopTimes(row)
        hold(row, { shop })
        assert.equal(shop.fires === undefined, workbook.fires === undefined)
        if (shop.fires === undefined) return
        const wait = shop.fires - workbook.fires! - secondsOf(objectives.burn[row.urgency].for)
        assert.ok(wait >= 0 && wait <= 2 * row.interval, `it fires ${wait} s later than it has to`)
      }),
    ),
  )
})

const skip = needsPromtool.skip || needsSloth.skip

test('the documents have what sloth makes', { concurrency: 2, skip }, async (t) => {
  await Promise.all(rows.map((row) => t.test(name(row), async () => hold(row, { sloth: await slothTimes(row) }))))
})

test('one failure of 60 requests an hour is a page of sloth, and none of the shop', { skip }, async () => {
  const row: Row = {
    share: 1,
    urgency: 'page',
    interval: 60,
    before: hours(6),
    failing: minutes(1),
    after: hours(1),
    requests: 1,
    failures: 1,
  }
  assert.equal((await shopTimes(row)).fires, undefined)
  assert.ok((await slothTimes(row)).fires)
})
