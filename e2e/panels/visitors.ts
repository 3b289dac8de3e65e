import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { shopClient } from '../lib/shop-client.ts'

/** Milliseconds between two visits. */
const pause = 200

/** In every so many visits, so many requests come at once. */
const rush = { every: 25, requests: 150 }

/**
 * People in a shop: they look around, buy, ask again with the same key, and ask for what there is not. Ends with `stop`.
 *
 * @param refused whether they also order what is sold out, and now and then ask for more at once than one address may
 */
export async function startVisitors(gateway: string, { refused = false } = {}) {
  const { call, order, stockProduct } = shopClient(gateway)
  const { id } = await stockProduct(100_000)
  const soldOut = refused && (await stockProduct(1))
  const stopping = new AbortController()
  const failures: string[] = []
  let visits = 0

  async function visit() {
    const key = { 'idempotency-key': randomUUID() }
    const answers = [
      await call('GET', '/api/products?limit=5'),
      await call('GET', `/api/products/${id}`),
      await call('GET', `/api/inventory/${id}`),
      await order(id, 2, key),
      await order(id, 2, key),
      await call('GET', `/api/products/${randomUUID()}`),
      await call('GET', '/api/orders?limit=5'),
    ]
    if (soldOut && visits % rush.every === 0)
      answers.push(
        ...(await Promise.all(Array.from({ length: rush.requests }, () => call('GET', '/api/products?limit=1')))),
      )
    if (soldOut) answers.push(await order(soldOut.id, 1, { 'idempotency-key': randomUUID() }))
    for (const { status, body } of answers) if (status >= 500) failures.push(`${status} ${JSON.stringify(body)}`)
  }

  async function keepVisiting() {
    while (!stopping.signal.aborted) {
      await visit().catch((error: Error) => failures.push(error.message))
      visits += 1
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const visiting = keepVisiting()
  return {
    /** What was answered with 5xx or not at all. */
    failures,
    visits: () => visits,
    async stop() {
      stopping.abort()
      await visiting
    },
  }
}
