import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { breakText } from '../report/verdict.ts'
import { calm, endOfTest, type InSlot, type Run, summaryOf } from './end-of-test.ts'

const slots = (count: number, ...last: InSlot[]): Run =>
  [...Array.from({ length: count }, () => calm), ...last].map((orders) => ({ products: calm, inventory: calm, orders }))

describe('a run', () => {
  test('that keeps every promise has passed', () => {
    const summary = summaryOf('smoke', endOfTest('smoke', slots(30)))
    assert.equal(summary.passed, true)
    assert.deepEqual(
      summary.objectives.map(({ group, requests, ms, kept }) => ({ group, requests, ms, kept })),
      ['products', 'inventory', 'orders'].map((group) => ({ group, requests: 3000, ms: 20, kept: true })),
    )
    assert.equal(summary.slots.each.length, 30)
  })

  test('in which k6 saw a threshold crossed has failed, whichever it was', () => {
    for (const crossed of ['answer_time{objective:orders}', 'checks', 'books_balance', 'dropped_iterations'])
      assert.equal(summaryOf('smoke', endOfTest('smoke', slots(30), { crossed: [crossed] })).passed, false, crossed)
  })

  test('that was refused has not passed', () => {
    const { setup_data, ...refused } = endOfTest('smoke', [])
    assert.ok(setup_data)
    assert.equal(summaryOf('smoke', refused).passed, false)
  })

  test('tells which answers were wrong, and that the books do not balance', () => {
    const { checks, books } = summaryOf('smoke', endOfTest('smoke', slots(30), { wrong: 2, balance: false }))
    assert.deepEqual(checks, { passed: 500, failed: [{ name: 'a total is price x quantity', times: 2 }] })
    assert.deepEqual(books, { supplied: 1000, sold: 30, left: 969, balance: false })
  })

  test('that ended early is told without the slot in which it ended', () => {
    assert.equal(summaryOf('smoke', endOfTest('smoke', slots(3))).slots.each.length, 2)
  })
})

describe('a breakpoint', () => {
  const slow = { requests: 600, failed: 0, ms: 1400 }
  const failing = { requests: 600, failed: 12, ms: 30 }

  test('tells the first rate at which a promise is broken, and the last at which all were kept', () => {
    const summary = summaryOf('breakpoint', endOfTest('breakpoint', slots(3, slow, slow, slow)))
    // 30 s a slot, 10 to 1,200 visits a second in 1,200 s: the third slot is around second 75, the fourth around 105.
    assert.deepEqual(summary.breaks, {
      holds: { visits: 10 + (1190 * 75) / 1200, requests: 10 },
      at: {
        visits: 10 + (1190 * 105) / 1200,
        requests: 800 / 30,
        broken: [{ group: 'orders', why: 'latency', measured: 1400 }],
      },
    })
    assert.equal(
      breakText(summary.breaks!),
      'Breaks at 114 visits a second (26.7 requests): orders take 1.4 s. Holds at 84.4 visits a second (10 requests).',
    )
  })

  test('that ended within the slot in which it broke tells that rate', () => {
    const { breaks } = summaryOf('breakpoint', endOfTest('breakpoint', slots(1, slow)))
    assert.equal(
      breakText(breaks!),
      'Breaks at 54.6 visits a second: orders take 1.4 s. Holds at 24.9 visits a second (10 requests).',
    )
  })

  test('that ended within its first slot held at no rate', () => {
    const { breaks } = summaryOf('breakpoint', endOfTest('breakpoint', slots(0, slow)))
    assert.match(breakText(breaks!), /^Breaks at 24\.9 visits a second: .* It held at no lower rate\.$/)
  })

  test('breaks also by failures', () => {
    const { breaks } = summaryOf('breakpoint', endOfTest('breakpoint', slots(0, failing, failing, failing)))
    assert.match(breakText(breaks!), /^Breaks at .*: 2 % of orders fail\. It held at no lower rate\.$/)
  })

  test('that has found its answer has passed, where answers and books are right', () => {
    const sought = 'answer_time{objective:orders,slot:3}'
    const run = slots(3, slow, slow)
    assert.equal(summaryOf('breakpoint', endOfTest('breakpoint', run, { crossed: [sought] })).passed, true)
    assert.equal(summaryOf('breakpoint', endOfTest('breakpoint', run, { crossed: [sought, 'checks'] })).passed, false)
  })

  test('says so where nothing broke', () => {
    const { breaks } = summaryOf('breakpoint', endOfTest('breakpoint', slots(40)))
    assert.match(
      breakText(breaks!),
      /^Nothing broke: every promise was kept up to 1190 visits a second \(10 requests\)\.$/,
    )
  })
})
