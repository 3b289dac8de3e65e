import type { LogLine } from '@hello/signals-api/log'
import type { JudgedSpan } from '@hello/signals-api/span'
import { expect, test } from 'vitest'
import { collapseRows } from './collapse-rows.ts'
import type { WaterfallRow } from './waterfall-rows.ts'

const span = (spanId: string, depth: number): WaterfallRow => ({ depth, span: { spanId } as JudgedSpan })
const rows = [
  span('root', 0),
  span('order', 1),
  span('query', 2),
  { depth: 2, line: { sequence: 1 } as LogLine },
  span('stock', 1),
  span('orphan', 0),
]
const shown = (...collapsed: string[]) =>
  collapseRows(rows, new Set(collapsed)).map(({ span, line, below }) => `${span?.spanId ?? line!.sequence} ${below}`)

test('counts what hangs below each row', () => {
  expect(shown()).toEqual(['root 4', 'order 2', 'query 0', '1 0', 'stock 0', 'orphan 0'])
})

test('folds away spans and lines below a collapsed span, at any depth', () => {
  expect(shown('order')).toEqual(['root 4', 'order 2', 'stock 0', 'orphan 0'])
  expect(shown('root', 'query')).toEqual(['root 4', 'orphan 0'])
})
