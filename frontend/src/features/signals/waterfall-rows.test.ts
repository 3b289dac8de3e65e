import type { LogLine } from '@hello/signals-api/log'
import type { JudgedSpan } from '@hello/signals-api/span'
import { expect, test } from 'vitest'
import { waterfallRows } from './waterfall-rows.ts'

const span = (spanId: string, parentSpanId: string | null, start: number) =>
  ({ spanId, parentSpanId, start }) as JudgedSpan
const line = (sequence: number, spanId: string | null, time: number) => ({ sequence, spanId, time }) as LogLine

const shown = (spans: JudgedSpan[], lines: LogLine[] = []) =>
  waterfallRows(spans, lines).map(
    ({ depth, span, line }) => `${'.'.repeat(depth)}${span ? span.spanId : line!.sequence}`,
  )

test('children follow their parent by start, with the lines written in it in between', () => {
  const spans = [
    span('root', null, 0),
    span('late', 'root', 5000),
    span('early', 'root', 1000),
    span('leaf', 'early', 2000),
  ]
  const lines = [line(1, 'early', 3), line(2, 'root', 4), line(3, 'root', 9)]
  expect(shown(spans, lines)).toEqual(['root', '.early', '..leaf', '..1', '.2', '.late', '.3'])
  expect(shown(spans)).toEqual(['root', '.early', '..leaf', '.late'])
})

test('a span without its parent and a line without its span stand at the top level', () => {
  const spans = [span('root', null, 0), span('orphan', 'lost', 1000)]
  expect(shown(spans, [line(1, 'lost', 2), line(2, null, 3)])).toEqual(['root', 'orphan', '1', '2'])
})

test('spans that name each other or themselves as parent are shown', () => {
  expect(
    shown([span('root', null, 0), span('one', 'other', 1), span('other', 'one', 2), span('self', 'self', 3)]),
  ).toEqual(['root', 'one', 'other', 'self'])
})

test('a trace may be as deep as it has spans', () => {
  const chain = Array.from({ length: 2000 }, (_, depth) => span(`${depth}`, depth ? `${depth - 1}` : null, depth))
  expect(waterfallRows(chain, []).map(({ depth }) => depth)).toEqual(chain.map((_, depth) => depth))
})
