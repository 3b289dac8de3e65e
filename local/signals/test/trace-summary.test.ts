import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTraceStore } from '../trace-store.ts'
import { roomy, span, traceIdOf } from './spans.ts'

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

test('counts a request that its client abandoned as no failure of the service', () => {
  const traces = createTraceStore(roomy)
  const server = { kind: 'server', status: 'error' } as const
  traces.add([
    span(1, 1, { ...server, attributes: { 'error.type': 'abandoned' } }),
    span(1, 2, { ...server, attributes: { 'error.type': 'broken-off', 'http.response.status_code': 200 } }),
  ])
  assert.equal(traces.get(traceIdOf(1))?.summary.errorCount, 1)
})
