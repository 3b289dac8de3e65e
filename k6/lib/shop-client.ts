import { check } from 'k6'
import { randomBytes } from 'k6/crypto'
import exec from 'k6/execution'
import http, { type RefinedResponse } from 'k6/http'
import { answerTime, failed, orders } from './measures.ts'
import { type Outcome, type Route, routes } from './names.ts'
import type { Slots } from './profiles.ts'
import { type AskedRequest, createShortlist } from './shortlist.ts'

export interface ProductOnShelf {
  id: string
  price: number
}

interface Order {
  productId: string
  quantity: number
  unitPrice: number
  totalPrice: number
  status: string
}

type Answer = RefinedResponse<'text'>
type Checks = Record<string, (answer: Answer) => boolean>

interface Sending {
  body?: object
  headers?: Record<string, string>
  /** Statuses that are no failure. */
  expected: number[]
}

/** Longer than the gateway takes to say that it waits no longer. */
const timeout = '10s'

/** Random. */
export const hex = (bytes: number): string =>
  [...new Uint8Array(randomBytes(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const outcomeOf: Record<number, Outcome> = { 201: 'created', 202: 'pending', 409: 'refused' }
const cents = (money: number): number => Math.round(money * 100)

function bodyOf<Body>(answer: Answer): Partial<Body> {
  try {
    return (answer.json() ?? {}) as Partial<Body>
  } catch {
    return {}
  }
}

/**
 * Asks the shop as its users do, and measures it. Each request begins a trace, whose id is known here: those that failed and the
 * slowest are logged with it, a line of JSON each.
 *
 * @param gateway its address
 */
export function shopClient(gateway: string, slots: Slots) {
  const shortlist = createShortlist()

  const slotNow = (): string => {
    const since = (Date.now() - exec.scenario.startTime) / 1000
    return String(Math.min(slots.count - 1, Math.floor(since / slots.seconds)))
  }

  function send(route: Route, path: string, { body, headers, expected }: Sending, checks: Checks): Answer {
    const tags = { objective: routes[route], slot: slotNow() }
    const trace = hex(16)
    const at = new Date().toISOString()
    const answer = http.request(route.split(' ')[0]!, gateway + path, body && JSON.stringify(body), {
      headers: {
        traceparent: `00-${trace}-${hex(8)}-01`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      tags: { name: route },
      responseCallback: http.expectedStatuses(...expected),
      responseType: 'text',
      timeout,
    })
    const { status, timings } = answer
    if (answer.error.includes('context canceled')) return answer // the run has ended, not the shop
    const wasExpected = expected.includes(status)
    failed.add(!wasExpected, tags)
    if (wasExpected) {
      answerTime.add(timings.duration, tags)
      check(answer, checks)
    }
    const asked: AskedRequest = {
      route,
      status,
      ms: Math.round(timings.duration * 10) / 10,
      at,
      trace,
      // The shop decides, and says so; without an answer nobody knows.
      traced: status === 0 || answer.headers.Traceresponse !== undefined,
      ...(!wasExpected && { failed: answer.error || `answered ${status}` }),
    }
    if (shortlist.takes(asked)) console.log(JSON.stringify(asked))
    return answer
  }

  return {
    products: () =>
      send(
        'GET /api/products',
        '/api/products?limit=20',
        { expected: [200] },
        {
          'the list of products has some': (answer) =>
            Array.isArray(answer.json()) && answer.json('0.id') !== undefined,
        },
      ),
    product: ({ id, price }: ProductOnShelf) =>
      send(
        'GET /api/products/{id}',
        `/api/products/${id}`,
        { expected: [200] },
        {
          'a product is the one that was asked for, at its price': (answer) => {
            const product = bodyOf<ProductOnShelf>(answer)
            return product.id === id && product.price === price
          },
        },
      ),
    missingProduct: () =>
      send(
        'GET /api/products/{id}',
        '/api/products/999999',
        { expected: [404] },
        {
          'what does not exist is said not to be found': (answer) =>
            bodyOf<{ error: string }>(answer).error === 'Product not found',
        },
      ),
    stock: ({ id }: ProductOnShelf) =>
      send(
        'GET /api/inventory/{id}',
        `/api/inventory/${id}`,
        { expected: [200] },
        {
          'a stock is a whole number of units': (answer) =>
            Number.isInteger(bodyOf<{ quantity: number }>(answer).quantity),
        },
      ),
    recentOrders: () =>
      send(
        'GET /api/orders',
        '/api/orders?limit=20',
        { expected: [200] },
        {
          'the list of orders is one': (answer) => Array.isArray(answer.json()),
        },
      ),
    /** @param refusable whether there may be too little in stock */
    buy({ id, price }: ProductOnShelf, quantity: number, { key = hex(16), refusable = false } = {}): Outcome {
      const { status } = send(
        'POST /api/orders',
        '/api/orders',
        {
          body: { productId: id, quantity },
          headers: { 'idempotency-key': key },
          expected: refusable ? [201, 202, 409] : [201, 202],
        },
        {
          'an order is what was ordered, and its total is price x quantity': (answer) => {
            if (answer.status === 409) return true
            const order = bodyOf<Order>(answer)
            return (
              order.productId === id &&
              order.quantity === quantity &&
              order.unitPrice === price &&
              cents(order.totalPrice ?? Number.NaN) === cents(price) * quantity &&
              order.status === (answer.status === 201 ? 'CREATED' : 'PENDING')
            )
          },
        },
      )
      const outcome = outcomeOf[status] ?? 'failed'
      orders.add(1, { outcome })
      return outcome
    },
  }
}

export type ShopClient = ReturnType<typeof shopClient>
