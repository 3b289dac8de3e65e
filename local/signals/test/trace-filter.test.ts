import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TraceColumn } from '@hello/signals-api/trace'
import type { TraceFilter } from '../trace-filter.ts'
import { createTraceStore } from '../trace-store.ts'
import { roomy, span, traceIdOf } from './spans.ts'

test('filters by service, route, status, duration, order and text, all together', () => {
  const traces = createTraceStore(roomy)
  const route = (path: string) => ({ kind: 'server' as const, attributes: { 'http.route': path } })
  traces.add([
    span(1, 1, { service: 'gateway', ...route('/api/orders'), duration: 5000 }),
    span(1, 2, { service: 'order', ...route('/orders') }),
    span(1, 3, { service: 'order', attributes: { 'order.id': 'o-1' } }),
    span(2, 1, { service: 'gateway', ...route('/api/products'), status: 'error', statusMessage: 'Broken pipe' }),
    span(3, 1, { service: 'product', events: [{ name: 'retry', time: 1, attributes: { reason: 'Connection lost' } }] }),
  ])
  const found = (filter: Parameters<typeof traces.list>[0]) =>
    traces.list(filter, 10).traces.map(({ traceId }) => Number(`0x${traceId}`))
  assert.deepEqual(found({}), [3, 2, 1])
  assert.deepEqual(found({ service: 'gateway' }), [2, 1])
  assert.deepEqual(found({ route: '/orders' }), [1])
  assert.deepEqual(found({ route: '/orders', service: 'gateway' }), [])
  assert.deepEqual(found({ status: 'error' }), [2])
  assert.deepEqual(found({ status: 'ok' }), [3, 1])
  assert.deepEqual(found({ minDuration: 5000 }), [1])
  assert.deepEqual(found({ minDuration: 5001 }), [])
  assert.deepEqual(found({ orderId: 'o-1' }), [1])
  assert.deepEqual(found({ orderId: 'o-2' }), [])
  assert.deepEqual(found({ text: 'CONNECTION' }), [3])
  assert.deepEqual(found({ text: 'broken', service: 'gateway', status: 'error' }), [2])
  assert.deepEqual(traces.list({ service: 'gateway' }, 1), { traces: [traces.get(traceIdOf(2))!.summary], matched: 2 })
})

test('tells a refusal from a failure, and finds what is incomplete', () => {
  const traces = createTraceStore(roomy)
  const answer = (status: number) => ({ kind: 'server', attributes: { 'http.response.status_code': status } }) as const
  traces.add([
    span(1, 1, answer(200)),
    span(2, 1, answer(409)),
    span(3, 1, { ...answer(409), status: 'error' }),
    span(4, 2, answer(200)),
    span(5, 1, answer(200)),
    span(5, 3, { parentSpanId: 'ab'.repeat(8) }),
  ])
  const found = (status: TraceFilter['status']) =>
    traces.list(status ? { status } : {}, 10).traces.map(({ traceId }) => Number(`0x${traceId}`))
  assert.deepEqual(found('ok'), [5, 4, 1])
  assert.deepEqual(found('refused'), [2])
  assert.deepEqual(found('error'), [3])
  assert.deepEqual(found('incomplete'), [5, 4])
})

test('finds the traces that were under way in a time range', () => {
  const traces = createTraceStore(roomy)
  const at = (trace: number) => 1_700_000_000_000_000 + trace * 1000
  traces.add([1, 2, 3, 4].map((trace) => span(trace, 1, { duration: trace === 1 ? 1500 : 100 })))
  const found = (filter: TraceFilter) => traces.list(filter, 10).traces.map(({ traceId }) => Number(`0x${traceId}`))
  assert.deepEqual(found({ from: at(3) }), [4, 3])
  assert.deepEqual(found({ to: at(2) }), [2, 1])
  assert.deepEqual(found({ from: at(2) + 200, to: at(3) }), [3, 1])
})

test('sorts by any column, what has nothing in it last', () => {
  const traces = createTraceStore(roomy)
  const answer = (route: string, status: number) =>
    ({
      kind: 'server',
      name: `GET ${route}`,
      attributes: { 'http.route': route, 'http.response.status_code': status },
    }) as const
  traces.add([
    span(1, 1, { ...answer('/b', 200), duration: 300, service: 'order' }),
    span(2, 1, { ...answer('/a', 503), duration: 100, service: 'product' }),
    span(2, 2, { status: 'error' }),
    span(3, 2, { duration: 200, service: 'inventory' }),
    span(4, 1, { ...answer('/a', 404), duration: 100, service: 'gateway' }),
  ])
  const sorted = (by: TraceColumn, descending = false) =>
    traces.list({}, 10, { by, descending }).traces.map(({ traceId }) => Number(`0x${traceId}`))
  assert.deepEqual(sorted('start'), [1, 2, 3, 4])
  assert.deepEqual(sorted('duration'), [4, 2, 3, 1])
  assert.deepEqual(sorted('duration', true), [1, 3, 4, 2])
  assert.deepEqual(sorted('spans', true), [2, 4, 3, 1])
  assert.deepEqual(sorted('status'), [1, 4, 2, 3])
  assert.deepEqual(sorted('status', true), [2, 4, 1, 3])
  assert.deepEqual(sorted('service'), [4, 3, 1, 2])
  assert.deepEqual(sorted('route'), [4, 2, 1, 3])
  assert.deepEqual(sorted('name', true), [1, 4, 2, 3])
})
