import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { TraceColumn } from '@hello/signals-api/trace'
import type { TraceFilter } from '../trace-filter.ts'
import { createTraceStore, spanBytes } from '../trace-store.ts'
import { span, traceIdOf } from './spans.ts'

const roomy = { maxSpans: 1000, maxBytes: 1_000_000, maxSpansPerTrace: 100, maxBytesPerTrace: 1_000_000 }

test('keeps at most maxSpans, the oldest trace out first and whole', () => {
  const traces = createTraceStore({ ...roomy, maxSpans: 10 })
  for (let trace = 1; trace <= 5; trace += 1) traces.add([1, 2, 3].map((id) => span(trace, id)))
  assert.deepEqual(
    traces.list({}, 100).traces.map(({ traceId }) => traceId),
    [5, 4, 3].map(traceIdOf),
  )
  assert.equal(traces.get(traceIdOf(2)), undefined)
  assert.deepEqual(
    { ...traces.stats(), bytes: undefined },
    { traces: 3, spans: 9, bytes: undefined, evictedTraces: 2, droppedSpans: 0 },
  )
})

test('keeps at most maxBytes, and drops a span that alone is larger', () => {
  const large = { attributes: { text: 'x'.repeat(10_000) } }
  const maxBytes = 3.5 * spanBytes(span(1, 1, large))
  const traces = createTraceStore({ ...roomy, maxBytes, maxBytesPerTrace: 2 * spanBytes(span(1, 1, large)) })
  for (let trace = 1; trace <= 20; trace += 1) traces.add([span(trace, 1, large)])
  traces.add([span(21, 1, { attributes: { text: 'x'.repeat(100_000) } })])
  const { bytes, ...counts } = traces.stats()
  assert.ok(bytes <= maxBytes && bytes > maxBytes / 2)
  assert.deepEqual(counts, { traces: 3, spans: 3, evictedTraces: 17, droppedSpans: 1 })
})

test('keeps at most maxSpansPerTrace of one trace', () => {
  const traces = createTraceStore({ ...roomy, maxSpansPerTrace: 5 })
  traces.add(Array.from({ length: 8 }, (_, index) => span(1, index + 1)))
  assert.equal(traces.get(traceIdOf(1))?.spans.length, 5)
  assert.equal(traces.stats().droppedSpans, 3)
})

test('keeps at most maxBytesPerTrace of one trace, and the others stay', () => {
  const large = { attributes: { text: 'x'.repeat(10_000) } }
  const share = 2.5 * spanBytes(span(1, 1, large))
  const traces = createTraceStore({ ...roomy, maxBytesPerTrace: share, maxBytes: 4 * share })
  for (let trace = 1; trace <= 5; trace += 1) traces.add([span(trace, 1, large)])
  for (let id = 2; id <= 50; id += 1) traces.add([span(9, id, large)])
  assert.equal(traces.get(traceIdOf(9))?.spans.length, 2)
  assert.equal(traces.stats().droppedSpans, 47)
  assert.equal(traces.stats().evictedTraces, 0)
})

test('keeps a span once that an exporter sent twice', () => {
  const traces = createTraceStore(roomy)
  traces.add([span(1, 1), span(1, 2)])
  traces.add([span(1, 1), span(1, 2), span(2, 1)])
  assert.equal(traces.get(traceIdOf(1))?.spans.length, 2)
  assert.equal(traces.get(traceIdOf(2))?.spans.length, 1)
  assert.equal(traces.stats().droppedSpans, 2)
})

test('costs the heap no more than about what it says', { timeout: 60_000 }, () => {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  const maxBytes = 32 * 1024 * 1024
  const traces = createTraceStore({ maxSpans: 1_000_000, maxBytes, maxSpansPerTrace: 100, maxBytesPerTrace: maxBytes })
  gc()
  const before = process.memoryUsage().heapUsed
  for (let trace = 1; trace <= 40_000; trace += 1) {
    traces.add(
      [1, 2, 3].map((id) =>
        span(trace, id, {
          attributes: JSON.parse(
            `{"http.request.method":"GET","http.route":"/orders/:id","url.path":"/orders/${trace}-${id}","http.response.status_code":200,"db.query.text":"SELECT ${trace} ${id} ${'x'.repeat(60)}"}`,
          ),
        }),
      ),
    )
  }
  gc()
  const used = process.memoryUsage().heapUsed - before
  assert.ok(traces.stats().evictedTraces > 0)
  assert.ok(used < 1.5 * maxBytes, `${used} bytes used for at most ${maxBytes}`)
  assert.ok(traces.stats().bytes > maxBytes / 2)
})

test('summarizes a trace: root, route, errors, services, orphans, orders', () => {
  const traces = createTraceStore(roomy)
  const at = (offset: number) => 1_700_000_000_000_000 + offset
  traces.add([
    span(1, 3, {
      service: 'inventory',
      parentSpanId: '00000000000000ff',
      start: at(300),
      duration: 50,
      kind: 'server',
      attributes: { 'http.route': '/reservations/:orderId', 'http.response.status_code': 500 },
      status: 'error',
    }),
    span(1, 1, {
      service: 'gateway',
      name: 'POST /api/orders',
      start: at(0),
      duration: 1000,
      kind: 'server',
      attributes: { 'http.route': '/api/orders', 'http.response.status_code': 503 },
    }),
    span(1, 2, { start: at(100), duration: 1500, attributes: { 'order.id': 'o-1' } }),
    span(1, 4, { start: at(100), kind: 'client', status: 'error', attributes: { 'http.response.status_code': 409 } }),
  ])
  assert.deepEqual(traces.get(traceIdOf(1))?.summary, {
    traceId: traceIdOf(1),
    hasRoot: true,
    service: 'gateway',
    name: 'POST /api/orders',
    route: '/api/orders',
    statusCode: 503,
    start: at(0),
    duration: 1600,
    spanCount: 4,
    errorCount: 1,
    orphanCount: 1,
    services: [
      { service: 'gateway', spanCount: 1, errorCount: 0 },
      { service: 'order', spanCount: 2, errorCount: 0 },
      { service: 'inventory', spanCount: 1, errorCount: 1 },
    ],
    orderIds: ['o-1'],
  })
})

test('names what was asked for, not the proxy that passed it on', () => {
  const traces = createTraceStore(roomy)
  const server = (route: string) => ({
    kind: 'server' as const,
    name: `GET ${route}`,
    attributes: { 'http.route': route },
  })
  traces.add([
    span(1, 1, { service: 'frontend', ...server('/api/*') }),
    span(1, 2, { service: 'gateway', ...server('/api/orders/:id'), start: 1_700_000_000_001_001 }),
  ])
  const { service, name, route } = traces.get(traceIdOf(1))!.summary
  assert.deepEqual([service, name, route], ['frontend', 'GET /api/orders/:id', '/api/orders/:id'])
})

test('names an unfinished trace by its entry, or not at all', () => {
  const traces = createTraceStore(roomy)
  const summary = () => {
    const { hasRoot, service, name, route, statusCode } = traces.list({}, 1).traces[0]!
    return [hasRoot, service, name, route, statusCode]
  }
  const status = { 'http.response.status_code': 201 }
  traces.add([span(1, 9, { service: 'order', name: 'order-insert', kind: 'client', attributes: status })])
  assert.deepEqual(summary(), [false, 'order', null, null, null])
  const server = { kind: 'server' as const, start: 1_700_000_000_001_100 }
  traces.add([
    span(1, 8, { ...server, service: 'inventory', name: 'PUT', attributes: status, start: server.start + 50 }),
  ])
  assert.deepEqual(summary(), [false, 'inventory', 'PUT', null, 201])
  const attributes = { ...status, 'http.route': '/orders' }
  traces.add([span(1, 7, { ...server, service: 'order', name: 'POST /orders', attributes })])
  assert.deepEqual(summary(), [false, 'order', 'POST /orders', '/orders', 201])
  traces.add([span(1, 1, { service: 'browser', name: 'buy product' })])
  assert.deepEqual(summary(), [true, 'browser', 'buy product', '/orders', 201])
})

test('takes no figure for a status code that is not one', () => {
  const traces = createTraceStore(roomy)
  traces.add([span(1, 1, { kind: 'server', attributes: { 'http.response.status_code': 200.5 } })])
  assert.equal(traces.list({}, 1).traces[0]?.statusCode, null)
})

test('a summary follows spans that arrive later', () => {
  const traces = createTraceStore(roomy)
  traces.add([span(1, 2)])
  assert.equal(traces.list({}, 1).traces[0]?.orphanCount, 1)
  traces.add([span(1, 1)])
  assert.deepEqual([traces.list({}, 1).traces[0]?.orphanCount, traces.list({}, 1).traces[0]?.spanCount], [0, 2])
})

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

test('counts a request that its client abandoned as no failure of the service', () => {
  const traces = createTraceStore(roomy)
  const server = { kind: 'server', status: 'error' } as const
  traces.add([
    span(1, 1, { ...server, attributes: { 'error.type': 'abandoned' } }),
    span(1, 2, { ...server, attributes: { 'error.type': 'broken-off', 'http.response.status_code': 200 } }),
  ])
  assert.equal(traces.get(traceIdOf(1))?.summary.errorCount, 1)
})
