import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { frontend } from '../lib/running-shop.ts'
import { type Answer, shopClient } from '../lib/shop-client.ts'
import { createBackend } from './backend.ts'
import { requestDuration, services } from './topology.ts'
import { assertSanitised, assertWhole, edgesOf } from './trace-checks.ts'

const backend = createBackend()
const shop = shopClient(frontend)
const idempotencyKey = randomUUID()
let product: { id: string; name: string }
let order: Answer
let orderTrace: string
let traceIds: string[]

/** The trace of an answer that is what was asked for. */
function traceOf({ status, body, traceId }: Answer): string {
  assert.ok(status < 300, `answered ${status}: ${JSON.stringify(body)}`)
  assert.ok(traceId, 'answered without traceresponse: is tracing on?')
  return traceId
}

before(async () => {
  product = await shop.stockProduct(10)
  const reads = [
    await shop.call('GET', '/api/products?limit=1'),
    await shop.call('GET', `/api/inventory/${product.id}`),
  ]
  order = await shop.order(product.id, 1, { 'idempotency-key': idempotencyKey })
  orderTrace = traceOf(order)
  traceIds = [...reads.map(traceOf), orderTrace]
})

describe('every service sends every signal', () => {
  for (const { service } of services) {
    test(`${service}: traces`, () =>
      eventually(async () => {
        const spans = await backend.spans(orderTrace)
        assert.ok(spans.some((span) => span.service === service && span.kind === 'server'))
      }))

    test(`${service}: metrics`, () =>
      eventually(async () => {
        const counts = await backend.metric(service, `${requestDuration}_count`)
        assert.ok(counts.some((count) => count > 0))
      }))

    test(`${service}: logs`, () =>
      eventually(async () => {
        const lines = await backend.logs(service, orderTrace)
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
      assert.deepEqual(await backend.tracesOfOrder(order.body.id), [orderTrace])
      const spans = await backend.spans(orderTrace)
      assertWhole(spans)
      assert.deepEqual(
        [...new Set(spans.map(({ service }) => service))].sort(),
        services.map(({ service }) => service).sort(),
      )
      assertSanitised(spans, [order.body.id, product.id, product.name, idempotencyKey])
    }))

  test('is told by the exemplar of the gateway’s latency histogram', () =>
    eventually(async () => {
      const named = await backend.exemplars('gateway')
      assert.ok(named.includes(orderTrace), `${named.length} exemplars, none of the order`)
    }))

  test('says in its log lines what was decided', () =>
    eventually(async () => {
      const lines = await backend.logs('order', orderTrace)
      assert.ok(
        lines.some(({ order_id, status }) => order_id === order.body.id && status === 'CREATED'),
        `the lines say: ${lines.map(({ msg }) => msg).join(', ')}`,
      )
    }))
})
