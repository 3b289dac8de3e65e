import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { gateway } from './shop-cluster.ts'

export interface Traffic {
  requests: number
  /** What was neither 2xx nor, for an order, 202: the request and the answer or the error. */
  failures: string[]
  /** Ids of the orders that were answered 201 or 202. */
  orders: string[]
  /** How often somebody was asked to come again because the database, which nobody restarts, was too slow on this machine. */
  comeAgain: number
  /** Ends it, and waits for the last answers. */
  stop(): Promise<Traffic>
}

interface TrafficOptions {
  /** Requests a second, where the machine can answer as many. */
  rate: number
  productId: string
  /** Repeats a failed order with its Idempotency-Key, and a failed read, for this long before it counts as failed. */
  retryForMs?: number
}

/** A machine that is too slow for the rate gets less: this many at once wait for each other far shorter than for their time-outs. */
const maxUnanswered = 16

/** What a service says whose statement took longer than it may (docs/adr/0008-time-budget.md). */
const slowDatabase = 'The database does not answer in time.'

/** Before the same is asked again, in milliseconds. */
const pause = 250

const json = { 'content-type': 'application/json' }

/** Looks at products, stock and orders and buys one of a product, in turn. */
export function startTraffic({ rate, productId, retryForMs = 0 }: TrafficOptions): Traffic {
  const pending = new Set<Promise<void>>()
  let timer: NodeJS.Timeout
  const traffic: Traffic = {
    requests: 0,
    failures: [],
    orders: [],
    comeAgain: 0,
    async stop() {
      clearInterval(timer)
      await Promise.all(pending)
      return traffic
    },
  }

  async function attempt(method: string, path: string, init: RequestInit): Promise<string | undefined> {
    try {
      const response = await fetch(gateway + path, { method, ...init, signal: AbortSignal.timeout(15_000) })
      const body = await response.text()
      if (response.status === 503 && body.includes(slowDatabase)) {
        traffic.comeAgain += 1
        await delay(pause)
        return attempt(method, path, init)
      }
      if (!response.ok) return `${method} ${path}: ${response.status} ${body}`
      if (method === 'POST') traffic.orders.push(JSON.parse(body).id)
    } catch (error) {
      const { message, cause } = error as Error
      return `${method} ${path}: ${message} ${cause ?? ''}`
    }
  }

  async function send(index: number) {
    traffic.requests += 1
    const order = {
      headers: { ...json, 'idempotency-key': randomUUID() },
      body: JSON.stringify({ productId, quantity: 1 }),
    }
    const reads = [
      `/api/products/${productId}`,
      `/api/inventory/${productId}`,
      '/api/products?limit=5',
      '/api/orders?limit=5',
    ]
    const once = () =>
      index % 5 === 0 ? attempt('POST', '/api/orders', order) : attempt('GET', reads[(index % 5) - 1]!, {})
    const deadline = Date.now() + retryForMs
    let failure = await once()
    while (failure && Date.now() < deadline) {
      await delay(pause)
      failure = await once()
    }
    if (failure) traffic.failures.push(failure)
  }

  const started = performance.now()
  let sent = 0
  timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * rate)
    for (; sent < due; sent++) {
      if (pending.size >= maxUnanswered) continue
      const request = send(sent)
      pending.add(request)
      request.finally(() => pending.delete(request))
    }
  }, 10)
  return traffic
}
