import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@hello/test-support/eventually'
import { Agent, fetch, type RequestInit } from 'undici'
import { getJson } from '../lib/get-json.ts'
import { gateway } from './shop-cluster.ts'

export interface Traffic {
  requests: number
  /** What was neither 2xx nor, for an order, 202: the request and the answer or the error. */
  failures: string[]
  /** Ids of the orders that were answered 201 or 202. */
  orders: string[]
  /** When, in milliseconds since 1970, something was answered last that had to be asked again. */
  lastFailureAt: number
  /** How often somebody was asked to come again because the database, which nobody restarts, was too slow on this machine. */
  comeAgain: number
  /** Ends it, and waits for the last answers. */
  stop(): Promise<Traffic>
}

interface TrafficOptions {
  /** Requests a second, where the machine can answer as many. */
  rate: number
  productId: string
  /** One request in so many is an order. */
  ordersEvery?: number
  /** Repeats a failed order with its Idempotency-Key, and a failed read, for this long before it counts as failed. */
  retryForMs?: number
  /**
   * How many may be unanswered at once. A machine that is too slow for the rate gets less: so few wait for each other far shorter than
   * for their time-outs.
   */
  maxUnanswered?: number
}

/** What a service says whose statement took longer than it may (docs/adr/0008-time-budget.md). */
const slowDatabase = 'The database does not answer in time.'

/** Before the same is asked again, in milliseconds: the first time, and at most. */
const pause = 250
const maxPause = 8000

/** The proxy with which Docker maps a port ends where its files do, at some 500 connections: more callers than these share them. */
const dispatcher = new Agent({ connections: 100 })

const json = { 'content-type': 'application/json' }

/** Looks at products, stock and orders and buys one of a product, in turn. */
export function startTraffic({
  rate,
  productId,
  ordersEvery = 5,
  retryForMs = 0,
  maxUnanswered = 16,
}: TrafficOptions): Traffic {
  const pending = new Set<Promise<void>>()
  let timer: NodeJS.Timeout
  const traffic: Traffic = {
    requests: 0,
    failures: [],
    orders: [],
    lastFailureAt: 0,
    comeAgain: 0,
    async stop() {
      clearInterval(timer)
      await Promise.all(pending)
      return traffic
    },
  }

  async function attempt(method: string, path: string, init: RequestInit): Promise<string | undefined> {
    try {
      const response = await fetch(gateway + path, {
        method,
        ...init,
        dispatcher,
        signal: AbortSignal.timeout(15_000),
      })
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
      index % ordersEvery === 0
        ? attempt('POST', '/api/orders', order)
        : attempt('GET', reads[index % reads.length]!, {})
    const deadline = Date.now() + retryForMs
    let failure = await once()
    for (let wait = pause; failure && Date.now() < deadline; wait = Math.min(2 * wait, maxPause)) {
      traffic.lastFailureAt = Date.now()
      await delay(wait)
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

/** What the traffic was, in a line of the test's output. */
export function report(t: { diagnostic(message: string): void }, { requests, failures, orders, comeAgain }: Traffic) {
  t.diagnostic(
    `${requests} requests, ${orders.length} orders, ${failures.length} failures; ${comeAgain} times the database was too slow`,
  )
}

/**
 * Each order that was answered 201 or 202 is there, once, and settled.
 *
 * @param supplied units of the product that were put in stock
 */
export async function assertKept(productId: string, supplied: number, { orders }: Traffic) {
  assert.equal(new Set(orders).size, orders.length, 'one order per Idempotency-Key')
  for (const id of orders) {
    const { status } = await eventually(() => getJson(gateway, `/api/orders/${id}`))
    assert.equal(status, 'CREATED', id)
  }
  const { quantity } = await getJson(gateway, `/api/inventory/${productId}`)
  assert.equal(quantity, supplied - orders.length, 'the stock is what was not sold')
}
