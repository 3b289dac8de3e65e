import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AskedRequest } from '../lib/shortlist.ts'
import { html } from '../report/html.ts'
import { createRunReader, makeReport } from '../report/records.ts'
import { verdict } from '../report/verdict.ts'
import { calm, endOfTest, summaryOf } from './end-of-test.ts'

const run = Array.from({ length: 30 }, () => ({
  products: calm,
  inventory: calm,
  orders: { requests: 50, failed: 10, ms: 80 },
}))
const asked = (ms: number, failed?: string): AskedRequest => ({
  ...{ route: 'POST /api/orders', status: failed ? 503 : 201, ms, at: '2026-11-28T10:00:01.000Z', traced: true },
  trace: String(ms).padStart(32, '0'),
  ...(failed && { failed }),
})
const requests = [...Array.from({ length: 50 }, (_, index) => asked(index + 1)), asked(5, '<b>answered</b> 503')]
const kept = async (trace: string) => `http://localhost:3001/signals/traces/${trace}`
const report = () => makeReport(summaryOf('smoke', endOfTest('smoke', run)), requests, kept)
const plain = (_: boolean, word: string) => word

test('the slowest come first, each with its trace, and failed ones by themselves', async () => {
  const { slowest, failures } = await report()
  assert.deepEqual(
    slowest.map(({ ms }) => ms),
    [50, 49, 48, 47, 46, 45, 44, 43, 42, 41],
  )
  assert.equal(slowest[0]!.link, `http://localhost:3001/signals/traces/${'50'.padStart(32, '0')}`)
  assert.deepEqual(
    failures.map(({ ms }) => ms),
    [5],
  )
})

test('there is no link to a trace that nobody keeps, or that the shop did not take', async () => {
  const untraced = requests.map((request) => ({ ...request, traced: request.ms !== 50 }))
  const summary = summaryOf('smoke', endOfTest('smoke', run))
  const { slowest } = await makeReport(summary, untraced, async (trace) => (trace.endsWith('49') ? undefined : 'link'))
  assert.deepEqual(slowest.map(({ link }) => link).slice(0, 3), [undefined, undefined, 'link'])
  assert.match(verdict({ ...summary, slowest, failures: [] }, plain), /trace 0+50, not kept/)
})

describe('the verdict', () => {
  test('fits on a screen, whatever has failed', async () => {
    const failures = Array.from({ length: 200 }, () => asked(5, 'answered 503'))
    const lines = verdict({ ...(await report()), failures }, plain).split('\n')
    assert.ok(lines.length <= 24, `${lines.length} lines`)
  })

  test('says what was measured beside what is promised', async () => {
    const text = verdict(await report(), plain)
    assert.match(
      text,
      /^FAIL {2}orders +1,500 requests, p99 80 ms \(promised 1 s\), 300 failed \(promised 0\.1 % at most\)$/m,
    )
    assert.match(text, /^pass {2}books +1,000 units put in stock, 30 sold, 970 left$/m)
    assert.match(text, /^Failed, 300 in all$/m)
  })
})

describe('the page', () => {
  test('needs nothing but itself', async () => {
    const page = html(await report())
    assert.deepEqual([...page.matchAll(/<(script|link|img|iframe)|url\(|@import| src=/g)], [])
    assert.ok(page.length < 60_000, `${page.length} characters`)
  })

  test('writes what it shows as text', async () => {
    assert.match(html(await report()), /&lt;b&gt;answered&lt;\/b&gt; 503/)
  })

  test('draws each group of routes over all slots', async () => {
    const page = html(await report())
    for (const group of ['products', 'inventory', 'orders'])
      assert.equal([...page.matchAll(new RegExp(`<title>${group}, from`, 'g'))].length, 30)
  })
})

test('what k6 writes is read line by line', () => {
  const said: string[] = []
  const progress: string[] = []
  const reader = createRunReader({ say: (text) => said.push(text), progress: (text) => progress.push(text) })
  for (const line of [
    '     execution: local',
    'running (01.9s), 000/010 VUs, 0 complete and 0 interrupted iterations',
    JSON.stringify({ level: 'info', msg: JSON.stringify(asked(7)), source: 'console' }),
    JSON.stringify({ level: 'warning', msg: 'Request Failed', error: 'dial' }),
    JSON.stringify({ level: 'error', msg: 'test aborted: the shop is away' }),
    '{broken',
    JSON.stringify(summaryOf('smoke', endOfTest('smoke', run))),
  ])
    reader.read(line)
  assert.deepEqual(reader.requests, [asked(7)])
  assert.equal(reader.summary()?.profile, 'smoke')
  assert.deepEqual(said, ['test aborted: the shop is away'])
  assert.equal(progress.length, 1)
})
