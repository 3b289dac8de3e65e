import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { json, problem, type SentRequest } from '../app/test-network.ts'
import { lamp, openShop, orderOf } from '../app/test-shop.tsx'
import { startBrowserTracing } from './browser-tracing.ts'

const exporter = new InMemorySpanExporter()
const provider = startBrowserTracing(exporter)

beforeEach(async () => {
  await provider.forceFlush()
  exporter.reset()
})

/** The spans of one trace, once the action of this name is over: the action's own, and those of its calls in turn. */
async function traceOf(name: string) {
  let spans: ReadableSpan[] = []
  await waitFor(async () => {
    await provider.forceFlush()
    spans = exporter.getFinishedSpans()
    expect(spans.map((span) => span.name)).toContain(name)
  })
  const action = spans.find((span) => span.name === name)!
  const calls = spans.filter((span) => span.kind === SpanKind.CLIENT)
  for (const call of calls) expect(call.parentSpanContext?.spanId).toBe(action.spanContext().spanId)
  return { action, calls }
}

const traceparent = (span: ReadableSpan) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`

function openShopAnswering(...answers: (() => Response)[]) {
  const sent: SentRequest[] = []
  const shop = openShop({
    'POST /api/orders': (request) => {
      sent.push(request)
      return answers[sent.length - 1]!()
    },
  })
  return { ...shop, sent }
}

const buyOne = () => screen.findByRole('button', { name: 'Buy $10.99, Lamp' })

test('a purchase is a trace from the click, which the request carries on', async () => {
  const { user, sent } = openShopAnswering(() => json(orderOf(1), { status: 201 }))
  await user.click(await buyOne())
  const { action, calls } = await traceOf('buy product')
  expect(action.parentSpanContext).toBeUndefined()
  expect(action.attributes).toEqual({
    'product.id': 'lamp',
    'order.quantity': 1,
    'order.id': orderOf(1).id,
    'order.status': 'CREATED',
  })
  expect(action.status.code).toBe(SpanStatusCode.UNSET)
  expect(action.resource.attributes['service.name']).toBe('browser')
  expect(calls.map(({ name, attributes }) => ({ name, ...attributes }))).toEqual([
    {
      name: 'POST',
      'http.request.method': 'POST',
      'url.full': `${location.origin}/api/orders`,
      'server.address': location.hostname,
      'server.port': Number(location.port) || 80,
      'http.response.status_code': 201,
    },
  ])
  expect(sent.map(({ headers }) => headers.get('traceparent'))).toEqual([traceparent(calls[0]!)])
})

test('a repeated purchase stays one trace, and says why it was repeated', async () => {
  const { user, sent } = openShopAnswering(
    () => problem(504, {}, { 'retry-after': '0' }),
    () => {
      throw new TypeError('Failed to fetch')
    },
    () => json(orderOf(1), { status: 201 }),
  )
  await user.click(await buyOne())
  await screen.findByText('Ordered: 1 × Lamp for $10.99.', {}, { timeout: 5_000 })
  const { action, calls } = await traceOf('buy product')
  expect(action.events.map(({ name, attributes }) => ({ name, ...attributes }))).toEqual([
    { name: 'retry', attempt: 2, 'error.type': '504' },
    { name: 'retry', attempt: 3, 'error.type': 'TypeError' },
  ])
  expect(action.status.code).toBe(SpanStatusCode.UNSET)
  expect(calls.map(({ status }) => status.code)).toEqual([
    SpanStatusCode.ERROR,
    SpanStatusCode.ERROR,
    SpanStatusCode.UNSET,
  ])
  expect(calls.map(({ attributes }) => attributes['error.type'])).toEqual(['504', 'TypeError', undefined])
  expect(sent.map(({ headers }) => headers.get('traceparent'))).toEqual(calls.map(traceparent))
})

test.each([
  [409, 'an outcome', SpanStatusCode.UNSET],
  [500, 'an error', SpanStatusCode.ERROR],
])('a purchase answered with %i is %s', async (status, _is, code) => {
  const { user } = openShopAnswering(() => problem(status, { currentStock: 0, requested: 1 }))
  await user.click(await buyOne())
  const { action } = await traceOf('buy product')
  expect(action.attributes['error.type']).toBe(String(status))
  expect(action.status.code).toBe(code)
})

test('a new product and its opening stock are one trace', async () => {
  const { user } = openShop({
    'POST /api/products': () => json({ ...lamp, id: 'desk', name: 'Desk' }, { status: 201 }),
    'PUT /api/inventory/desk': () => json({ quantity: 4 }),
  })
  await user.click(await screen.findByRole('button', { name: 'Add a product' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.type(dialog.getByLabelText('Name'), 'Desk')
  await user.type(dialog.getByLabelText('Price in US dollars'), '10.99')
  await user.click(dialog.getByRole('button', { name: 'Add product' }))
  const { action, calls } = await traceOf('add product')
  expect(action.attributes['product.id']).toBe('desk')
  expect(calls.map(({ attributes }) => attributes['url.full'])).toEqual([
    `${location.origin}/api/products`,
    `${location.origin}/api/inventory/desk`,
  ])
})

test('what the page reads by itself carries no trace context and makes no span', async () => {
  const sent: SentRequest[] = []
  openShop({
    'GET /api/orders?limit=12': (request) => {
      sent.push(request)
      return json([])
    },
  })
  await waitFor(() => expect(sent.length).toBeGreaterThan(1), { timeout: 5_000 })
  for (const { headers } of sent) expect(headers.has('traceparent')).toBe(false)
  await provider.forceFlush()
  expect(exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT)).toEqual([])
})
