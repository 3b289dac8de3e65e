import type { JudgedSpan } from '@hello/signals-api/span'
import { expect, test } from 'vitest'
import { compareTraces } from './compare-traces.ts'

const span = (
  spanId: string,
  parentSpanId: string | null,
  start: number,
  duration: number,
  rest: Partial<JudgedSpan> = {},
) => ({ spanId, parentSpanId, start, duration, service: 'order', name: spanId, failed: false, ...rest }) as JudgedSpan

const shown = (first: JudgedSpan[], second: JudgedSpan[]) =>
  compareTraces(first, second).map(
    ({ depth, service, name, first, second }) =>
      `${'.'.repeat(depth)}${service} ${name} ${first?.duration ?? '-'}/${second?.duration ?? '-'}`,
  )

test('puts what is at the same place of both trees in one row, by start', () => {
  const first = [span('buy', null, 100, 90), span('stock', 'buy', 150, 30), span('pay', 'buy', 110, 20)]
  const second = [
    span('buy', null, 7000, 40),
    span('x', 'buy', 7005, 5, { name: 'pay' }),
    span('y', 'x', 7006, 2, { name: 'query', service: 'bank' }),
  ]
  expect(shown(first, second)).toEqual(['order buy 90/40', '.order pay 20/5', '..bank query -/2', '.order stock 30/-'])
})

test('adds up what a trace has several times at one place', () => {
  const again = (id: string, start: number, failed: boolean) => span(id, 'buy', start, 10, { name: 'try', failed })
  const [, tries] = compareTraces(
    [span('buy', null, 0, 90), again('a', 5, true), again('b', 20, true), again('c', 40, false)],
    [span('buy', null, 0, 20), again('a', 5, false)],
  )
  expect(tries!.first).toEqual({ count: 3, failed: 2, offset: 5, duration: 30 })
  expect(tries!.second).toEqual({ count: 1, failed: 0, offset: 5, duration: 10 })
})

test('tells the same call of two services apart, and takes traces without a root or with a circle', () => {
  expect(
    shown([span('a', 'lost', 0, 1, { name: 'GET' })], [span('a', 'lost', 0, 2, { name: 'GET', service: 'product' })]),
  ).toEqual(['product GET -/2', 'order GET 1/-'])
  expect(shown([span('one', 'two', 0, 1), span('two', 'one', 0, 2)], [])).toEqual(['order two 2/-', 'order one 1/-'])
})
