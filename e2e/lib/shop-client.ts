import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it expects of a body
  body: any
  /** As `traceresponse` tells it. */
  traceId: string | undefined
}

/** What the shop says when it was too slow for its time budget (docs/adr/0008-time-budget.md), and that one may ask again. */
const late = [202, 503, 504]

/** How often in a row it may say so where the machine is busy with something else; more often, somebody holds it up. */
const mostLate = 3

/**
 * Asks, and asks again when the shop is late.
 *
 * @param ask what may be done twice, for example because it has a key
 * @param onLate called for each answer that was late
 * @returns the answer, late only where all were
 */
export async function inTime(ask: () => Promise<Answer>, onLate = () => {}): Promise<Answer> {
  for (let told = 1; ; told++) {
    const answer = await ask()
    if (!late.includes(answer.status)) return answer
    onLate()
    if (told > mostLate) return answer
    await delay(Number(answer.headers.get('retry-after') ?? 1) * 1000)
  }
}

/**
 * Asks a shop's API.
 *
 * @param origin the gateway or the frontend
 */
export function shopClient(origin: string) {
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(new URL(path, origin), {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text && JSON.parse(text),
      traceId: response.headers.get('traceresponse')?.split('-')[1],
    }
  }

  const order = (productId: string, quantity: number, headers: Record<string, string> = {}) =>
    call('POST', '/api/orders', { productId, quantity }, headers)

  async function stock(productId: string): Promise<number> {
    return (await call('GET', `/api/inventory/${productId}`)).body.quantity
  }

  /** A product of the test's own, with a name that nothing else has, so that tests may share a shop and run again on it. */
  async function stockProduct(quantity: number, price = 10): Promise<{ id: string; name: string }> {
    const name = `Kettle ${randomUUID().slice(0, 8)}`
    const { status, body } = await inTime(() => call('POST', '/api/products', { name, price }))
    assert.equal(status, 201, JSON.stringify(body))
    const stocked = await inTime(() => call('PUT', `/api/inventory/${body.id}`, { quantity }))
    assert.equal(stocked.status, 200, JSON.stringify(stocked.body))
    return { id: body.id, name }
  }

  return { call, order, stock, stockProduct }
}
