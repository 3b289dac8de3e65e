import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, quantile } from '../src/statistics.ts'

test('tells the median of values in any order, and leaves them in it', () => {
  const values = [30, 1, 20]
  assert.equal(median(values), 20)
  assert.deepEqual(values, [30, 1, 20])
  assert.equal(median([4, 1, 30, 2]), 3)
})

test('tells the value below which a share of all is', () => {
  const values = Array.from({ length: 100 }, (_, index) => index)
  assert.deepEqual(
    [0, 0.5, 0.99, 1].map((share) => quantile(values, share)),
    [0, 50, 99, 99],
  )
})

test('has no answer where there are no values', () => {
  assert.throws(() => median([]), /no values/)
})
