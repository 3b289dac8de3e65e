import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { eventually } from '@hello/test-support/eventually'

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

/**
 * Asks again and again until the shop is not late: a machine that is busy with something else makes it so, and nothing but waiting
 * tells.
 *
 * @param ask what may be done twice, for example because it has a key
 * @param onLate called for each answer that was
 */
export const inTime = (ask: () => Promise<Answer>, onLate = () => {}): Promise<Answer> =>
  eventually(async () => {
    const answer = await ask()
    if (!late.includes(answer.status)) return answer
    onLate()
    throw new Error(`told to come again: ${answer.status} ${JSON.stringify(answer.body)}`)
  })

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
