import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Attempt, decide, defaultPolicy, isSilent, type Policy, stillMattering } from '../src/policy.ts'

const second = 1000
const policy: Policy = { ...defaultPolicy, dryRun: false, cooldown: 300 }
const startedAt = Date.parse('2026-11-28T12:00:00Z')
const at = (seconds: number) => startedAt + seconds * second

const lag = { fingerprint: 'a'.repeat(16), subject: 'order', startsAt: at(5000) }
const acted = (seconds: number, about: Partial<Attempt> = {}): Attempt => ({
  fingerprint: lag.fingerprint,
  subject: lag.subject,
  at: at(seconds),
  ...about,
})

const decideAt = (seconds: number, attempts: Attempt[], own: Partial<Policy> = {}, alert = lag) =>
  decide({ alert, attempts, policy: { ...policy, ...own }, startedAt, now: at(seconds) })

describe('the policy', () => {
  test('acts on an alert about which nothing was done', () => {
    assert.equal(decideAt(5000, []), 'act')
  })

  test('does one thing about an alert, until the cooldown is over', () => {
    const attempts = [acted(5000)]
    assert.equal(decideAt(5000, attempts), 'cooling-down')
    assert.equal(decideAt(5299, attempts), 'cooling-down')
    assert.equal(decideAt(5300, attempts), 'act')
  })

  test('does one thing about a subject, whichever alert asks for it', () => {
    const attempts = [acted(5000, { fingerprint: 'b'.repeat(16) })]
    assert.equal(decideAt(5299, attempts), 'cooling-down')
    assert.equal(decideAt(5299, [acted(5000, { fingerprint: 'b'.repeat(16), subject: 'product' })]), 'act')
  })

  test('gives up after three actions about one alert within an hour', () => {
    assert.equal(decideAt(5600, [acted(5000), acted(5300)]), 'act')
    const strikes = [acted(5000), acted(5300), acted(5600)]
    assert.equal(decideAt(5899, strikes), 'cooling-down')
    assert.equal(decideAt(5900, strikes), 'give-up')
    assert.equal(decideAt(5000 + 3600, strikes), 'act')
  })

  test('counts no strike of another alert about the same subject', () => {
    const others = [5000, 5300, 5600].map((seconds) => acted(seconds, { fingerprint: 'b'.repeat(16) }))
    assert.equal(decideAt(5900, others), 'act')
  })

  test('never gives up in a dry run, for nothing was tried', () => {
    assert.equal(decideAt(5900, [acted(5000), acted(5300), acted(5600)], { dryRun: true }), 'act')
  })

  test('waits for a cooldown where a process before may have acted', () => {
    const older = { ...lag, startsAt: at(-1) }
    assert.equal(decideAt(0, [], {}, older), 'cooling-down')
    assert.equal(decideAt(299, [], {}, older), 'cooling-down')
    assert.equal(decideAt(300, [], {}, older), 'act')
    assert.equal(decideAt(1, [], {}, { ...lag, startsAt: at(1) }), 'act')
  })

  test('keeps what may still matter', () => {
    const attempts = [acted(0), acted(100)]
    assert.deepEqual(stillMattering(attempts, policy, at(3600)), [acted(100)])
    assert.deepEqual(stillMattering(attempts, { ...policy, cooldown: 7200 }, at(3700)), attempts)
  })

  test('calls an alert silent after 120 s', () => {
    assert.equal(isSilent(at(0), policy, at(119)), false)
    assert.equal(isSilent(at(0), policy, at(120)), true)
    assert.equal(isSilent(undefined, policy, at(120)), false)
  })
})
