import { type Dispatcher, Pool } from 'undici'

/** How many there are, `bench-0` and on. */
export const products = 20

const any = () => `bench-${Math.floor(Math.random() * products)}`

/** What is asked for in a visit, as k6/lib/visitors.ts has it. */
function visit(): [method: Dispatcher.HttpMethod, path: string, body?: object][] {
  const product = any()
  const mood = Math.random()
  if (mood < 0.4) return [['GET', '/api/products']]
  const look: [Dispatcher.HttpMethod, string] = ['GET', `/api/products/${product}`]
  if (mood < 0.7) return [look, ['GET', `/api/inventory/${product}`]]
  if (mood < 0.95) return [look, ['POST', '/api/orders', { productId: product, quantity: 1 }]]
  return [['GET', '/api/orders?limit=20']]
}

/**
 * Has visitors ask a gateway until `seconds` have passed, one visit after the other.
 *
 * @param visitors at a time
 * @returns how many requests were answered
 * @throws Error when one is refused or fails
 */
export async function visitFor(seconds: number, gateway: string, visitors: number): Promise<number> {
  const pool = new Pool(gateway, { connections: visitors })
  const end = performance.now() + seconds * 1000
  let answered = 0
  await Promise.all(
    Array.from({ length: visitors }, async () => {
      while (performance.now() < end) {
        for (const [method, path, body] of visit()) {
          const headers = body ? { 'content-type': 'application/json' } : {}
          const answer = await pool.request({ method, path, headers, body: body ? JSON.stringify(body) : null })
          const text = await answer.body.text()
          if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
          answered++
        }
      }
    }),
  )
  await pool.close()
  return answered
}
