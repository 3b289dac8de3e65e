import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { readableLine } from '../log-line.ts'

const plain = (name: string, line: string) => stripVTControlCharacters(readableLine(name, line))
const entry = { level: 'info', time: '2026-11-23T12:50:22.050Z', service: 'order', trace_id: 'abc', span_id: 'def' }

test('says a request in one glance', () => {
  const request = { ...entry, msg: 'request', method: 'POST', route: '/orders', status: 201, duration_ms: 73.306 }
  assert.equal(
    plain('order', JSON.stringify({ ...request, order_id: 'o1' })),
    'order       12:50:22.050 info  POST /orders 201 73.3 ms order_id=o1 trace=abc',
  )
})

test('says of a request that its client abandoned it', () => {
  const request = { ...entry, msg: 'request', method: 'PUT', route: '/inventory/:id', duration_ms: 600.1 }
  assert.equal(
    plain('order', JSON.stringify({ ...request, outcome: 'abandoned' })),
    'order       12:50:22.050 info  PUT /inventory/:id abandoned 600.1 ms trace=abc',
  )
})

test('shows message, fields, and the stack of an error', () => {
  const failed = {
    ...entry,
    level: 'error',
    msg: 'failed',
    attempt: 2,
    err: {
      message: 'no',
      stack: 'Error: no\n    at x',
      cause: { message: 'nope', stack: 'RangeError: nope\n    at y' },
    },
  }
  assert.equal(
    plain('order', JSON.stringify(failed)),
    'order       12:50:22.050 error failed attempt=2 trace=abc \nError: no\n    at x\ncaused by RangeError: nope\n    at y',
  )
})

test('leaves what is not JSON of ours as it is', () => {
  for (const line of ['LOG:  database system is ready', 'null', '17', '{"half":']) {
    assert.equal(plain('postgres', line), `postgres    ${line}`)
  }
})

test('lets nothing through that a terminal acts on', () => {
  const evil = '\u001b]0;owned\u0007\u009b31m\norder forged'
  const shown = ['x', JSON.stringify(evil)].map((text) => readableLine('order', text))
  shown.push(readableLine('order', evil), readableLine('order', JSON.stringify({ ...entry, msg: evil, name: evil })))
  for (const line of shown) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(stripVTControlCharacters(line), /[\x00-\x1f\x7f-\x9f]/)
    assert.ok(!line.includes('owned\u0007'))
  }
  assert.match(shown[3]!, /\\x1b\]0;owned\\x07\\x9b31m\\x0aorder forged/)
})
