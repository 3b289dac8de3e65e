import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectives } from '@hello/monitoring/objectives'
import type { ObjectThreshold } from 'k6/options'
import { optionsOf } from '../lib/options.ts'
import {
  type Profile,
  type ProfileName,
  profiles,
  type Ramp,
  raceOf,
  rateAt,
  slotsOf,
  visitsOf,
} from '../lib/profiles.ts'

const whole = { time: 1, rate: 1 }
const named = Object.entries(profiles) as [ProfileName, (scales: typeof whole) => Profile][]
const thresholdsOf = (name: ProfileName, profile: Profile) => optionsOf(name, profile).thresholds!

test('a ramp is straight between its corners, and its visits are the area below it', () => {
  const ramp: Ramp = [
    [0, 10],
    [10, 30],
    [20, 30],
  ]
  assert.deepEqual(
    [0, 5, 10, 15, 20, 99].map((second) => rateAt(ramp, second)),
    [10, 20, 30, 30, 30, 30],
  )
  assert.equal(visitsOf(ramp), 200 + 300)
})

test('a tenth of the time and twice the rate', () => {
  const { seconds, ramp, scenario } = profiles.load({ time: 0.1, rate: 2 })
  assert.equal(seconds, 39)
  assert.deepEqual(ramp, [
    [0, 2],
    [6, 120],
    [36, 120],
    [39, 0],
  ])
  assert.ok(scenario.executor === 'ramping-arrival-rate')
  assert.deepEqual(
    scenario.stages.map(({ target, duration }) => [target, duration]),
    [
      [120, '6s'],
      [120, '30s'],
      [0, '3s'],
    ],
  )
})

test('a race is for fewer units than are asked for, at any scale', () => {
  for (const rate of [0.01, 1, 3]) {
    const { buyers, attempts, units } = raceOf({ time: 1, rate })
    assert.ok(buyers > 1 && units < attempts && units >= buyers)
  }
})

for (const [name, profile] of named) {
  test(`${name} has at most 40 slots, which cover it`, () => {
    for (const time of [0.01, 0.3, 1]) {
      const { count, seconds } = slotsOf(profile({ time, rate: 1 }))
      assert.ok(count <= 40 && count * seconds >= profile({ time, rate: 1 }).seconds)
    }
  })

  test(`${name} is held against the books, and against right answers`, () => {
    const { checks, books_balance } = thresholdsOf(name, profile(whole))
    assert.deepEqual([checks, books_balance], [['rate==1'], ['rate==1']])
  })
}

for (const [name, profile] of named.filter(([, profile]) => profile(whole).judgedBy === 'promises')) {
  test(`${name} is held against the objectives of the alerts`, () => {
    const thresholds = thresholdsOf(name, profile(whole))
    for (const [group, seconds] of Object.entries(objectives.latencySeconds)) {
      assert.deepEqual(thresholds[`answer_time{objective:${group}}`], [`p(99)<=${seconds * 1000}`])
      assert.deepEqual(thresholds[`failed{objective:${group}}`], [`rate<=${objectives.budgets.availability}`])
    }
    assert.equal(objectives.budgets.latency, 0.01, 'p(99) above is of this budget')
  })
}

test('a breakpoint ends with the slot in which an objective breaks, when that is over', () => {
  const profile = profiles.breakpoint(whole)
  const thresholds = thresholdsOf('breakpoint', profile)
  const { count, seconds } = slotsOf(profile)
  const last = thresholds[`answer_time{objective:orders,slot:${count - 1}}`]![0] as ObjectThreshold
  assert.deepEqual(last, { threshold: 'p(99)<=1000', abortOnFail: true, delayAbortEval: `${10 + count * seconds}s` })
  assert.deepEqual(thresholds['answer_time{objective:orders}'], ['max>=0'])
})
