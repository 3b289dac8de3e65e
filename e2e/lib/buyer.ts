import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** What a buyer was told of an order. */
export interface AnsweredOrder {
  key: string
  productId: string
  quantity: number
  status: number
  id: string
}

/** What a buyer knows of an order once it is answered for good. */
export interface Purchase extends AnsweredOrder {
  /** The trace of each time that the buyer asked; the last one was answered. */
  traceIds: string[]
  /** When the answer was there, in Unix milliseconds. */
  answeredAt: number
  /** How often the buyer went away without waiting for the answer. */
  givenUp: number
}

const patience = 10_000
/** Share of the calls whose buyer goes away early, and the longest that such a one waits, in milliseconds. */
const impatient = 0.1
const impatience = 1500

/**
 * Orders with one key until there is an answer below 500, as a careful client does, who at random goes away before the answer
 * comes, and asks again later.
 *
 * @param signal ends the buyer where the shop does not come back
 */
export async function buy(
  gateways: string[],
  productId: string,
  quantity: number,
  random: () => number,
  signal: AbortSignal,
): Promise<Purchase> {
  const key = randomUUID()
  const traceIds: string[] = []
  let givenUp = 0
  for (;;) {
    const traceId = randomBytes(16).toString('hex')
    traceIds.push(traceId)
    const leaves = random() < impatient
    try {
      const answer = await ask(
        gateways[Math.floor(random() * gateways.length)]!,
        { key, productId, quantity, traceId },
        leaves ? random() * impatience : patience,
      )
      if (answer) return { key, productId, quantity, ...answer, traceIds, answeredAt: Date.now(), givenUp }
    } catch {
      // killed under our hands, frozen, or not waited for: the key makes asking again safe
      if (leaves) givenUp++
    }
    await delay(100, undefined, { signal })
  }
}

/** Asks again for an order that was still pending, until it is not. */
export async function outcomeOf(gateways: string[], purchase: Purchase): Promise<Purchase> {
  const traceId = randomBytes(16).toString('hex')
  const answer = await ask(gateways[0]!, { ...purchase, traceId }, patience)
  if (!answer || answer.status === 202) throw new Error(`order ${purchase.id} is still pending`)
  return { ...purchase, ...answer, traceIds: [...purchase.traceIds, traceId], answeredAt: Date.now() }
}

/** @returns undefined where the shop asks to come again later */
async function ask(
  gateway: string,
  { key, productId, quantity, traceId }: Pick<Purchase, 'key' | 'productId' | 'quantity'> & { traceId: string },
  milliseconds: number,
): Promise<{ status: number; id: string } | undefined> {
  const response = await fetch(`${gateway}/api/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify({ productId, quantity }),
    signal: AbortSignal.timeout(milliseconds),
  })
  const body = (await response.json()) as { id?: string; orderId?: string }
  if (response.status >= 500 || response.status === 429) return undefined
  return { status: response.status, id: (body.id ?? body.orderId)! }
}
