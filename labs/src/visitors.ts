import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** Asks the shop for something, at a path of its API or at an address. */
export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>

/** Where a lab fills the shelves: base URLs of the services themselves, which ask nobody for a token. */
export interface Shelves {
  product: string
  inventory: string
}

/** Somebody who comes to the shop again and again. */
export interface Visitor {
  /** Between two visits, in milliseconds. */
  pause: number
  visit(call: Call): Promise<void>
}

/** The demo's products. */
const products = ['product1', 'product2', 'product3']
const plenty = 1_000_000
const patience = 10_000

const callOf =
  (origin: string, closing: AbortSignal): Call =>
  (method, path, body, headers = {}) =>
    fetch(new URL(path, origin), {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([closing, AbortSignal.timeout(patience)]),
    })

const isForLater = ({ status }: Response) => status >= 500 || status === 429

/** Orders, again with the same key until there is an answer. */
async function order(call: Call, productId: string, signal: AbortSignal) {
  const key = randomUUID()
  while (!signal.aborted) {
    const answer = await call('POST', '/api/orders', { productId, quantity: 1 }, { 'idempotency-key': key }).catch(
      () => undefined,
    )
    await answer?.body?.cancel()
    if (answer && !isForLater(answer)) return
    await delay(500, undefined, { signal }).catch(() => {})
  }
}

/** Looks around and buys one of a product. */
export async function browse(call: Call, productId: string, signal: AbortSignal) {
  for (const path of [`/api/products?limit=5`, `/api/products/${productId}`, `/api/inventory/${productId}`])
    await (await call('GET', path)).body?.cancel()
  await order(call, productId, signal)
}

/**
 * Lets visitors come until `end`, each for itself.
 *
 * @param origin base URL of the gateway, or of what passes its API on
 */
export function startVisits(origin: string, visitors: Visitor[]) {
  const closing = new AbortController()
  const { signal } = closing
  const call = callOf(origin, signal)
  async function keepComing({ visit, pause }: Visitor) {
    while (!signal.aborted) {
      await visit(call).catch(() => {}) // what could not be looked at is looked at by the next
      await delay(pause, undefined, { signal }).catch(() => {})
    }
  }
  const coming = visitors.map(keepComing)
  return {
    async end() {
      closing.abort()
      await Promise.all(coming)
    },
  }
}

/**
 * Fills the stock and lets four customers look around and buy.
 *
 * @param origin as for `startVisits`
 */
export async function startCustomers(origin: string, { inventory }: Shelves) {
  const forever = new AbortController().signal
  const call = callOf(origin, forever)
  for (const id of products)
    await (await call('PUT', `${inventory}/inventory/${id}`, { quantity: plenty })).body?.cancel()
  const leaving = new AbortController()
  const customer: Visitor = {
    pause: 700,
    // By chance, for people who took turns would never want the same thing at the same time.
    visit: (ask) => browse(ask, products[Math.floor(Math.random() * products.length)]!, leaving.signal),
  }
  const visiting = startVisits(origin, Array<Visitor>(4).fill(customer))
  return {
    async end() {
      leaving.abort()
      await visiting.end()
    },
  }
}

/**
 * Buys one product; the proof that a shop works for somebody.
 *
 * @throws Error saying what was answered instead
 */
export async function buyOne(origin: string) {
  const call = callOf(origin, new AbortController().signal)
  const answer = await call(
    'POST',
    '/api/orders',
    { productId: products[0], quantity: 1 },
    { 'idempotency-key': randomUUID() },
  )
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`an order was answered ${answer.status}: ${text}`)
}
