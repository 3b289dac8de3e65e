import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { buy, outcomeOf, type Purchase } from '../lib/buyer.ts'
import { shopClient } from '../lib/shop-client.ts'

/** How many there are at a time, and how long each waits between two visits, at the least and at most, in milliseconds. */
const customers = 4
const pause = { least: 300, most: 1300 }

/** The demo's products: any of them, each time, for in turn two orders for one product would hardly ever meet. */
const products = ['product1', 'product2', 'product3']
const plenty = 1_000_000

/** No buyer of these goes away before there is an answer. */
const patient = () => 0.5

/**
 * People in a shop who look around and buy, and ask for an order again by its key until it is answered. Ends with `stop`.
 *
 * @param gateway base URL
 */
export async function startCustomers(gateway: string) {
  const { call } = shopClient(gateway)
  for (const id of products) await call('PUT', `/api/inventory/${id}`, { quantity: plenty })
  const closing = new AbortController()
  const purchases: Purchase[] = []

  async function visit() {
    const id = products[randomInt(products.length)]!
    await call('GET', '/api/products?limit=5')
    await call('GET', `/api/products/${id}`)
    await call('GET', `/api/inventory/${id}`)
    await call('GET', '/api/orders?limit=5')
    purchases.push(await buy([gateway], id, 1, patient, closing.signal))
  }

  async function keepVisiting() {
    while (!closing.signal.aborted) {
      await visit().catch(() => {}) // what could not be looked at is looked at by the next
      await delay(randomInt(pause.least, pause.most), undefined, { signal: closing.signal }).catch(() => {})
    }
  }
  const visiting = Array.from({ length: customers }, keepVisiting)

  return {
    /** What was bought so far, each with how it ended; asks again where that was open. */
    async purchases(): Promise<Purchase[]> {
      const known = [...purchases]
      return Promise.all(known.map((one) => (one.status === 202 ? outcomeOf([gateway], one) : one)))
    },
    /** Lets the visits under way end. */
    async stop() {
      closing.abort()
      await Promise.all(visiting)
    },
  }
}
