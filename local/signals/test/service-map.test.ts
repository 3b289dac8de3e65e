import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tracesWithCall } from '../calls.ts'
import { serviceMap } from '../service-map.ts'
import { span, traceIdOf } from './spans.ts'

const client = (peer: string, status?: number) => ({
  kind: 'client' as const,
  attributes: {
    'server.address': '127.0.0.1',
    'server.port': Number(peer),
    ...(status && { 'http.response.status_code': status }),
  },
})
const server = (service: string, parent: number, status = 200) => ({
  service,
  kind: 'server' as const,
  parentSpanId: parent.toString(16).padStart(16, '0'),
  attributes: { 'http.response.status_code': status },
})
const query = { kind: 'client' as const, attributes: { 'db.system.name': 'postgresql' } }

const shopping = [
  [
    span(1, 1, { ...server('gateway', 0), parentSpanId: null, duration: 900 }),
    span(1, 2, { service: 'gateway', ...client('8083'), duration: 800 }),
    span(1, 3, { ...server('order', 2), duration: 700 }),
    span(1, 4, { service: 'order', ...query, duration: 50 }),
    span(1, 5, { service: 'order', ...query, duration: 70 }),
  ],
  // A 409 is an answer, not a failure; a 500 is one, on the edge and on the node.
  [
    span(2, 2, { service: 'gateway', ...client('8083', 409), status: 'error', duration: 100 }),
    span(2, 3, server('order', 2, 409)),
  ],
  [
    span(3, 2, { service: 'gateway', ...client('8083', 500), status: 'error', duration: 100 }),
    span(3, 3, { ...server('order', 2, 500), status: 'error' }),
  ],
  // Within a service.
  [span(6, 2, { service: 'order', ...client('8083') }), span(6, 3, server('order', 2))],
  // Nobody answered, at an address that is known and at one that is not.
  [span(4, 2, { service: 'gateway', ...client('8083'), status: 'error', duration: 10 })],
  [span(5, 2, { service: 'gateway', ...client('9999'), status: 'error', duration: 10 })],
]

test('draws who calls whom, with rates, failures and p95 as the caller saw it', () => {
  const { nodes, edges } = serviceMap(shopping, 0, 10)
  assert.deepEqual(
    edges.map(({ source, target, rate, errorRate, p95 }) => [source, target, rate, errorRate, p95]),
    [
      ['gateway', 'order', 0.4, 0.2, 800],
      ['order', 'PostgreSQL', 0.2, 0, 70],
      ['gateway', '127.0.0.1:9999', 0.1, 0.1, 10],
    ],
  )
  assert.deepEqual(
    nodes.map(({ name, kind, rate, errorRate }) => [name, kind, rate, errorRate]),
    [
      ['gateway', 'service', 0.1, 0],
      ['order', 'service', 0.4, 0.1],
      ['PostgreSQL', 'database', 0.2, 0],
      ['127.0.0.1:9999', 'external', 0, 0],
    ],
  )
})

test('looks back no further than asked', () => {
  const groups = [[span(1, 1, server('order', 0))], [span(9, 1, server('gateway', 0))]]
  const since = 1_700_000_000_000_000 + 5000
  assert.deepEqual(
    serviceMap(groups, since, 60).nodes.map(({ name }) => name),
    ['gateway'],
  )
})

test('finds the traces behind an edge', () => {
  const always = { from: 0, to: Number.POSITIVE_INFINITY }
  const found = (call: Partial<Parameters<typeof tracesWithCall>[1]>) =>
    [...tracesWithCall(shopping, { ...always, ...call })].sort()
  assert.deepEqual(found({ caller: 'gateway', callee: 'order' }), [1, 2, 3, 4].map(traceIdOf))
  assert.deepEqual(found({ callee: 'PostgreSQL' }), [traceIdOf(1)])
  assert.deepEqual(found({ caller: 'gateway', callee: '127.0.0.1:9999' }), [traceIdOf(5)])
  assert.deepEqual(found({ caller: 'order', callee: 'order' }), [])
  const { start } = span(2, 2)
  assert.deepEqual(found({ caller: 'gateway', callee: 'order', from: start, to: start }), [traceIdOf(2)])
})
