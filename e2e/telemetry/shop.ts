import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

/** The shop as a browser reaches it. */
export const shop = process.env.FRONTEND_URL ?? 'http://localhost:3001'

/** Calls the shop's API. `traceId` is what the answer says of its trace. */
export async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(`/api${path}`, shop), {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as { id: string }
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`)
  const [, traceId] = response.headers.get('traceresponse')?.split('-') ?? []
  assert.ok(traceId, `${method} ${path} answered without traceresponse: is tracing on?`)
  return { answer, traceId }
}

/** A product of these tests' own, with a name that nothing else has. */
export async function stockProduct(quantity: number) {
  const name = `Probe ${randomUUID()}`
  const { answer } = await call('POST', '/products', { name, price: 1 })
  await call('PUT', `/inventory/${answer.id}`, { quantity })
  return { id: answer.id, name }
}
