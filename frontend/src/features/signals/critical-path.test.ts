import type { JudgedSpan } from '@hello/signals-api/span'
import { expect, test } from 'vitest'
import { criticalPath } from './critical-path.ts'

const span = (spanId: string, parentSpanId: string | null, start: number, end: number) =>
  ({ spanId, parentSpanId, start, duration: end - start }) as JudgedSpan

const pathOf = (...spans: JudgedSpan[]) =>
  Object.fromEntries(
    [...criticalPath(spans)].map(([id, stretches]) => [id, stretches.map(({ from, to }) => [from, to])]),
  )

test('goes through the children one after the other, and through the parent between them', () => {
  expect(pathOf(span('root', null, 0, 100), span('first', 'root', 10, 30), span('second', 'root', 40, 90))).toEqual({
    root: [
      [0, 10],
      [30, 40],
      [90, 100],
    ],
    first: [[10, 30]],
    second: [[40, 90]],
  })
})

test('of children at the same time, only the one that ended last', () => {
  expect(
    pathOf(
      span('root', null, 0, 100),
      span('short', 'root', 20, 60),
      span('long', 'root', 20, 95),
      span('leaf', 'long', 50, 70),
    ),
  ).toEqual({
    root: [
      [0, 20],
      [95, 100],
    ],
    long: [
      [20, 50],
      [70, 95],
    ],
    leaf: [[50, 70]],
  })
})

test('takes what overlaps a little for clocks that differ', () => {
  expect(pathOf(span('root', null, 0, 100), span('first', 'root', 0, 52), span('second', 'root', 50, 100))).toEqual({
    root: [],
    first: [[0, 50]],
    second: [[50, 100]],
  })
})

test('leaves out what goes on after its parent, and what began after it', () => {
  expect(pathOf(span('root', null, 0, 50), span('over', 'root', 20, 80), span('after', 'root', 60, 70))).toEqual({
    root: [[0, 20]],
    over: [[20, 50]],
  })
})

test('starts at the longest span where the root is missing, and takes any shape', () => {
  expect(pathOf(span('a', 'lost', 0, 10), span('b', 'lost', 0, 30))).toEqual({ b: [[0, 30]] })
  expect(pathOf()).toEqual({})
  expect(pathOf(span('root', null, 0, 9), span('one', 'two', 1, 2), span('two', 'one', 1, 2))).toEqual({
    root: [[0, 9]],
  })
  const chain = Array.from({ length: 2000 }, (_, depth) =>
    span(`${depth}`, depth ? `${depth - 1}` : null, depth, 5000 - depth),
  )
  expect(Object.keys(pathOf(...chain))).toHaveLength(2000)
})

test('adds up to the length of the root span, every moment once', () => {
  const spans = [span('root', null, 0, 1000)]
  for (let id = 1; id < 60; id += 1) {
    const parent = spans[(id * 7) % spans.length]!
    const from = parent.start + ((id * 37) % Math.max(1, parent.duration))
    spans.push(span(`${id}`, parent.spanId, from, from + ((id * 53) % 400)))
  }
  const stretches = [...criticalPath(spans).values()].flat().sort((one, other) => one.from - other.from)
  expect(stretches[0]!.from).toBe(0)
  for (const [index, { to }] of stretches.entries()) expect(stretches[index + 1]?.from ?? 1000).toBe(to)
})
