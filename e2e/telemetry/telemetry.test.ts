import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { createBackend } from './backend.ts'
import { eventually } from './eventually.ts'
import { call, stockProduct } from './shop.ts'
import { requestDuration, services } from './topology.ts'
import { assertSanitised, assertWhole, edgesOf } from './trace-checks.ts'

const backend = createBackend()
const idempotencyKey = randomUUID()
let product: { id: string; name: string }
let order: { answer: { id: string }; traceId: string }
let traceIds: string[]

before(async () => {
  product = await stockProduct(10)
  const reads = [await call('GET', '/products?limit=1'), await call('GET', `/inventory/${product.id}`)]
  order = await call('POST', '/orders', { productId: product.id, quantity: 1 }, { 'idempotency-key': idempotencyKey })
  traceIds = [...reads, order].map(({ traceId }) => traceId)
})

describe('every service sends every signal', () => {
  for (const { service } of services) {
    test(`${service}: traces`, () =>
      eventually(async () => {
        const spans = await backend.spans(order.traceId)
        assert.ok(spans.some((span) => span.service === service && span.kind === 'server'))
      }))

    test(`${service}: metrics`, () =>
      eventually(async () => {
        const counts = await backend.metric(service, `${requestDuration}_count`)
        assert.ok(counts.some((count) => count > 0))
      }))

    test(`${service}: logs`, () =>
      eventually(async () => {
        const lines = await backend.logs(service, order.traceId)
        const request = lines.find(({ msg }) => msg === 'request')
        assert.ok(request, `${lines.length} lines, none of the request`)
        assert.equal(request.service, service)
        assert.equal(request.level, 'info')
        assert.match(String(request.time), /^\d{4}-\d\d-\d\dT.*Z$/)
        assert.match(String(request.span_id), /^[0-9a-f]{16}$/)
      }))
  }
})

describe('every call shows in a trace', () => {
  for (const { service, calls } of services) {
    for (const callee of calls) {
      test(`${service} -> ${callee}`, () =>
        eventually(async () => {
          const traces = await Promise.all(traceIds.map(backend.spans))
          const edges = traces.flatMap(edgesOf)
          assert.ok(edges.includes(`${service} -> ${callee}`), `the traces show: ${edges.join(', ')}`)
        }))
    }
  }
})

describe('one order', () => {
  test('is one whole trace through every service, with sanitised SQL', () =>
    eventually(async () => {
      assert.deepEqual(await backend.tracesOfOrder(order.answer.id), [order.traceId])
      const spans = await backend.spans(order.traceId)
      assertWhole(spans)
      assert.deepEqual(
        [...new Set(spans.map(({ service }) => service))].sort(),
        services.map(({ service }) => service).sort(),
      )
      assertSanitised(spans, [order.answer.id, product.id, product.name, idempotencyKey])
    }))

  test('is told by the exemplar of the gateway’s latency histogram', () =>
    eventually(async () => {
      const named = await backend.exemplars('gateway')
      assert.ok(named.includes(order.traceId), `${named.length} exemplars, none of the order`)
    }))

  test('says in its log lines what was decided', () =>
    eventually(async () => {
      const lines = await backend.logs('order', order.traceId)
      assert.ok(
        lines.some(({ order_id, status }) => order_id === order.answer.id && status === 'CREATED'),
        `the lines say: ${lines.map(({ msg }) => msg).join(', ')}`,
      )
    }))
})
