import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogStore } from '../log-store.ts'

const roomy = { maxLines: 100, maxBytes: 1_000_000, maxLineLength: 1000 }
const line = (msg: string, rest: Record<string, unknown> = {}) =>
  JSON.stringify({ level: 'info', time: '2026-11-23T10:00:00.123Z', service: 'order', msg, ...rest })

test('takes a line apart', () => {
  const logs = createLogStore(roomy)
  logs.add(
    'order',
    line('order created', { trace_id: 'a', span_id: 'b', trace_flags: '01', order_id: 'o-1', quantity: 2 }),
  )
  assert.deepEqual(logs.list({}, 10), {
    lines: [
      {
        sequence: 1,
        time: Date.parse('2026-11-23T10:00:00.123Z'),
        level: 'info',
        service: 'order',
        msg: 'order created',
        traceId: 'a',
        spanId: 'b',
        orderId: 'o-1',
        fields: { order_id: 'o-1', quantity: 2 },
      },
    ],
    matched: 1,
  })
})

test('keeps any text, also what is not the JSON that it expects', () => {
  const logs = createLogStore(roomy)
  const odd = [
    'TypeError: x is not a function',
    '{"level":',
    'null',
    '[1]',
    '"text"',
    '',
    '\u0000\ufffd',
    '{"level":30,"time":{},"msg":null,"trace_id":7}',
  ]
  for (const text of odd) logs.add('order', text)
  const { lines } = logs.list({}, 100)
  assert.deepEqual(lines.map(({ msg }) => msg).reverse(), [...odd.slice(0, -1), ''])
  assert.ok(lines.every(({ level, traceId }) => level === 'unknown' && traceId === null))
})

test('keeps at most maxLines and maxBytes, the oldest out first, also of the index by trace', () => {
  const logs = createLogStore({ ...roomy, maxLines: 3 })
  for (const trace_id of ['a', 'a', 'b', 'b', 'b']) logs.add('order', line('x', { trace_id }))
  assert.equal(logs.list({ traceId: 'a' }, 10).matched, 0)
  assert.deepEqual(
    logs.list({ traceId: 'b' }, 10).lines.map(({ sequence }) => sequence),
    [5, 4, 3],
  )
  assert.deepEqual({ ...logs.stats(), bytes: undefined }, { lines: 3, bytes: undefined, evictedLines: 2 })

  const small = createLogStore({ ...roomy, maxBytes: 5000 })
  for (let index = 0; index < 50; index += 1) small.add('order', line('y'.repeat(400)))
  assert.ok(small.stats().bytes <= 5000)
  assert.ok(small.stats().lines > 1)
})

test('cuts a line that is too long and still knows its trace', () => {
  const logs = createLogStore(roomy)
  logs.add('order', line('z'.repeat(100_000), { trace_id: 'a', level: 'error' }))
  const [cut] = logs.list({ traceId: 'a' }, 10).lines
  assert.deepEqual([cut?.level, cut?.msg.length], ['error', 1000])
  assert.ok(logs.stats().bytes < 3000)
})

test('filters by service, level, trace, order and text', () => {
  const logs = createLogStore(roomy)
  logs.add('order', line('one', { level: 'debug' }))
  logs.add('order', line('two', { level: 'warn', order_id: 'o-1', trace_id: 'a' }))
  logs.add('gateway', line('three', { level: 'error', trace_id: 'a', route: '/api/Orders' }))
  logs.add('gateway', 'at Server.<anonymous>')
  const found = (filter: Parameters<typeof logs.list>[0]) => logs.list(filter, 10).lines.map(({ msg }) => msg)
  assert.deepEqual(found({ service: 'order' }), ['two', 'one'])
  assert.deepEqual(found({ level: 'warn' }), ['at Server.<anonymous>', 'three', 'two'])
  assert.deepEqual(found({ traceId: 'a' }), ['three', 'two'])
  assert.deepEqual(found({ traceId: 'a', level: 'error' }), ['three'])
  assert.deepEqual(found({ orderId: 'o-1' }), ['three', 'two'])
  assert.deepEqual(found({ orderId: 'o-2' }), [])
  assert.deepEqual(found({ text: '/api/orders' }), ['three'])
  assert.deepEqual(logs.list({}, 1).matched, 4)
})

test('finds the lines of a time', () => {
  const logs = createLogStore(roomy)
  const at = (second: number) => `2026-11-23T10:00:0${second}.000Z`
  for (const second of [1, 2, 3, 4]) logs.add('order', line(`line ${second}`, { time: at(second) }))
  const found = (filter: object) => logs.list(filter, 10).lines.map(({ msg }) => msg)
  assert.deepEqual(found({ from: Date.parse(at(2)), to: Date.parse(at(3)) }), ['line 3', 'line 2'])
  assert.deepEqual(found({ from: Date.parse(at(4)) }), ['line 4'])
  assert.deepEqual(found({ to: Date.parse(at(1)) }), ['line 1'])
})
