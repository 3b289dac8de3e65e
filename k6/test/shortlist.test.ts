import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AskedRequest, createShortlist, slowestShown } from '../lib/shortlist.ts'

const asked = (ms: number, failed?: string): AskedRequest => ({
  ...{
    route: 'GET /api/products',
    status: failed ? 503 : 200,
    ms,
    at: '2026-11-28T00:00:00.000Z',
    trace: 'a',
    traced: true,
  },
  ...(failed && { failed }),
})

test('what all users tell has the slowest of all requests, and little else', () => {
  const told: number[] = []
  const all: number[] = []
  for (let user = 0; user < 5; user++) {
    const shortlist = createShortlist()
    for (let index = 0; index < 2000; index++) {
      const ms = (index * 7919 + user * 104_729) % 99_991
      all.push(ms)
      if (shortlist.takes(asked(ms))) told.push(ms)
    }
  }
  const slowest = (times: number[]) => times.sort((one, other) => other - one).slice(0, slowestShown)
  assert.deepEqual(slowest(told), slowest(all))
  assert.ok(told.length < all.length / 20, `${told.length} of ${all.length}`)
})

test('failed requests are told however fast they were, but no flood of them', () => {
  const shortlist = createShortlist()
  for (let index = 0; index < slowestShown; index++) shortlist.takes(asked(1000))
  assert.equal(shortlist.takes(asked(1)), false)
  assert.equal(shortlist.takes(asked(1, 'answered 503')), true)
  const told = Array.from({ length: 1000 }, () => shortlist.takes(asked(1, 'answered 503'))).filter(Boolean).length
  assert.ok(told > 10 && told < 100)
})
