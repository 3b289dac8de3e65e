import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { durationOf, secondsOf } from '../src/durations.ts'
import { ownNames } from '../src/names.ts'
import { notificationTimes, objectives } from '../src/objectives.ts'
import { ruleFiles } from '../src/rules.ts'
import { floors, scaledDurations, scaledObjectives } from '../src/time-scale.ts'
import { leaves } from './mutants.ts'
import { needsPromtool, write } from './promtool.ts'

const factor = 10
const scaled = scaledObjectives(objectives, factor)

/** Numbers that do not depend on for how long one looks, and what each is. */
const stay: Record<string, string> = {
  budgetLeft: 'a share',
  'budgets.*': 'shares',
  'latencySeconds.*': 'what a request takes',
  'burn.*.windows.*.factor': 'a ratio',
  '*.share': 'a share',
  '*.*.share': 'a share',
  'database.pool.waiting': 'a state',
  'databaseLoad.lockWaits.waiting': 'a state',
  'databaseLoad.size.bytes': 'a size',
  'databaseLoad.checkpoints.minimum': 'the checkpoint after a crash is one however long the window is',
  'breaker.closed': 'a share',
  'eventLoop.seconds': 'what a turn of the event loop takes',
  'clock.seconds': 'how far one clock is off another',
  'kubernetes.restarts.times': 'the kubelet spaces them',
  'volumes.*.free': 'a share',
  'targets.large.samples': 'a state',
  'targets.growth.samples': 'the first requests make them, however long the window is',
  'logs.burst.perRequest': 'a ratio',
  'invariant.products': 'a state',
}

/** Events within a window, of which there is one at the least. */
const counts = [
  'burn.*.minimumBad',
  'fewRequests.below',
  'fewRequests.minimumBad',
  'databaseLoad.deadlocks.count',
  'retries.minimum',
  'rateLimit.minimum',
  'traceContext.minimum',
  'logs.none.requests',
  'logs.burst.lines',
  'ordersStalled.orders',
]

const fits = (pattern: string, path: string[]) => {
  const parts = pattern.split('.')
  return parts.length === path.length && parts.every((part, at) => part === '*' || part === path[at])
}

const valueAt = (path: string[], from: object) =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], from)

test('every duration and time is divided by the factor, every count of events shrinks with its window', () => {
  const unused = new Set([...Object.keys(stay), ...counts])
  for (const { path, value } of leaves(objectives)) {
    const name = path.join('.')
    const now = valueAt(path, scaled)
    const asStays = Object.keys(stay).filter((pattern) => fits(pattern, path))
    const asCount = counts.filter((pattern) => fits(pattern, path))
    for (const pattern of [...asStays, ...asCount]) unused.delete(pattern)
    if (typeof value === 'string') assert.equal(secondsOf(now as string), secondsOf(value) / factor, name)
    else if (asStays.length > 0) assert.equal(now, value, name)
    else if (asCount.length > 0) assert.equal(now, Math.max(1, value / factor), name)
    else
      assert.equal(
        now,
        Math.max(floors[name] ?? 0, value / factor),
        `${name}: a time is divided; what is none stands in \`stay\` or \`counts\``,
      )
  }
  assert.deepEqual([...unused], [], 'no such number')
  assert.deepEqual(
    leaves(scaled).map(({ path }) => path),
    leaves(objectives).map(({ path }) => path),
  )
})

test('nothing is changed where time runs as ever', () => {
  assert.deepEqual(scaledObjectives(objectives, 1), objectives)
  assert.deepEqual(scaledDurations(notificationTimes, 1), notificationTimes)
})

test("the least that is waited for a sample of the database is longer than the rarest sample's period", () => {
  const source = readFileSync(new URL('../../../services/inventory/src/stock-metrics.ts', import.meta.url), 'utf8')
  const [, milliseconds] = /checkInterval = ([\d_]+)/.exec(source)!
  assert.ok(floors['databaseNotSampled.seconds']! > Number(milliseconds!.replaceAll('_', '')) / 1000)
})

test('when notifications go out is divided by the factor', () => {
  assert.deepEqual(scaledDurations(notificationTimes, factor), {
    groupWait: '1s',
    groupInterval: '6s',
    repeat: { pages: '1440s', tickets: '8640s', heartbeat: '30s' },
  })
})

/** Every duration within the brackets of a range or a subquery, or after `offset`; what is quoted may have brackets as well. */
const durationsIn = (expr: string) =>
  [...expr.replaceAll(/"[^"]*"/g, '').matchAll(/\[([^\]]+)\]|offset (\w+)/g)].flatMap(([, range, offset]) =>
    (range ?? offset)!.split(':'),
  )

/** Of each rule its name, and all that it has of durations. */
const timesOf = (files: ReturnType<typeof ruleFiles>) =>
  Object.values(files)
    .flatMap(({ groups }) => groups)
    .flatMap(({ interval, rules }) =>
      rules.map((rule) => ({
        name: 'alert' in rule ? rule.alert : rule.record.replace(/\d+m?[smhd]$/, ''),
        durations: [
          ...(interval ? [interval] : []),
          ...('for' in rule && rule.for ? [rule.for] : []),
          ...durationsIn(rule.expr),
        ].map(secondsOf),
      })),
    )

test('no rule has a duration of its own', () => {
  const shipped = timesOf(ruleFiles(ownNames))
  assert.ok(shipped.flatMap(({ durations }) => durations).length > 100)
  assert.deepEqual(
    timesOf(ruleFiles(ownNames, scaled)),
    shipped.map(({ name, durations }) => ({ name, durations: durations.map((seconds) => seconds / factor) })),
  )
})

test('promtool takes the rules of any scale', needsPromtool, () => {
  for (const by of [7, factor, 60]) {
    const files = Object.values(ruleFiles(ownNames, scaledObjectives(objectives, by))).map(write)
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', ...files], { encoding: 'utf8' })
    assert.equal(status, 0, stdout + stderr)
  }
})

test('a duration is read and written to the millisecond', () => {
  for (const duration of ['1500ms', '0s', '90s', '86400s']) assert.equal(durationOf(secondsOf(duration)), duration)
  assert.equal(durationOf(secondsOf('5m') / 7), '42857ms')
  for (const wrong of ['1.5s', '5', '1h30m', '']) assert.throws(() => secondsOf(wrong), /is no duration/)
})
