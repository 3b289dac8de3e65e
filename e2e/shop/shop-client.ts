import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** The gateway of the running shop that the tests are for. */
export const gateway = process.env.GATEWAY_URL ?? 'http://localhost:8080'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it expects of a body
  body: any
}

export async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(new URL(path, gateway), {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
}

/** Follows `Link` from page to page. */
export async function everyPage(path: string): Promise<unknown[]> {
  const pages: unknown[] = []
  let next: string | undefined = path
  while (next) {
    const answer = await call('GET', next)
    assert.equal(answer.status, 200)
    pages.push(answer.body)
    next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return pages
}

/** A product of this test's own, so that tests may share a shop and run again on it. */
export async function newProduct(quantity: number, price = 10): Promise<string> {
  const created = await call('POST', '/api/products', { name: `Test ${randomUUID()}`, price })
  assert.equal(created.status, 201)
  assert.equal((await call('PUT', `/api/inventory/${created.body.id}`, { quantity })).status, 200)
  return created.body.id
}

export function order(productId: string, quantity: number, headers: Record<string, string> = {}) {
  return call('POST', '/api/orders', { productId, quantity }, headers)
}

export async function stock(productId: string): Promise<number> {
  return (await call('GET', `/api/inventory/${productId}`)).body.quantity
}

/** Waits until `holds` resolves to true; fails after `seconds` naming `what`. */
export async function eventually(what: string, seconds: number, holds: () => Promise<boolean>) {
  const deadline = Date.now() + seconds * 1000
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not within ${seconds} s: ${what}`)
    await delay(200)
  }
}
