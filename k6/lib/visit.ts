import { check } from 'k6'
import { randomBytes } from 'k6/crypto'
import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'

/** Address of the gateway. */
const gateway = (__ENV.GATEWAY_URL ?? 'http://localhost:8080').replace(/\/$/, '')

/** Always on: a run that is out of bounds fails, with exit code 99. */
export const thresholds: NonNullable<Options['thresholds']> = {
  http_req_failed: ['rate<0.01'],
  http_req_duration: ['p(95)<500', 'p(99)<1000'],
  checks: ['rate>0.99'],
  dropped_iterations: ['count<10'],
}

export interface Shelf {
  productIds: string[]
}

const json = { 'content-type': 'application/json' }

/**
 * Aborts the run when the shop is not well, before any load. Otherwise puts up products of the run's own, with so much stock that it
 * lasts: the results do not depend on what earlier runs bought.
 */
export function setup(): Shelf {
  for (const path of ['/health', '/api/products?limit=1', '/api/inventory', '/api/orders?limit=1']) {
    const { status, error } = http.get(gateway + path, { tags: { name: 'setup' }, timeout: '5s' })
    if (status !== 200)
      exec.test.abort(
        `GET ${gateway}${path} answered ${status || error}: the shop is not healthy. Is it running? (GATEWAY_URL)`,
      )
  }
  const productIds = Array.from({ length: 20 }, (_, index) => {
    const product = http.post(
      `${gateway}/api/products`,
      JSON.stringify({ name: `Load test ${index + 1}`, price: 9.99 }),
      {
        headers: json,
        tags: { name: 'setup' },
      },
    )
    const id = String(product.json('id'))
    const stock = http.put(`${gateway}/api/inventory/${id}`, JSON.stringify({ quantity: 1_000_000 }), {
      headers: json,
      tags: { name: 'setup' },
    })
    if (product.status !== 201 || stock.status !== 200)
      exec.test.abort(`A product could not be put up (${product.status}, ${stock.status}).`)
    return id
  })
  return { productIds }
}

const key = (): string =>
  [...new Uint8Array(randomBytes(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

function get(name: string, path: string) {
  check(http.get(gateway + path, { tags: { name } }), { [`${name}: 200`]: ({ status }) => status === 200 })
}

function buy(productId: string) {
  const name = 'POST /api/orders'
  const response = http.post(`${gateway}/api/orders`, JSON.stringify({ productId, quantity: 1 }), {
    headers: { ...json, 'idempotency-key': key() },
    tags: { name },
  })
  check(response, {
    [`${name}: 201 or 202`]: ({ status }) => status === 201 || status === 202,
    [`${name}: an order`]: (answer) => typeof answer.json('id') === 'string',
  })
}

/** What one visitor does: mostly looks, now and then buys. */
export default function visit({ productIds }: Shelf) {
  const productId = productIds[exec.scenario.iterationInTest % productIds.length]!
  const mood = Math.random()
  if (mood < 0.4) get('GET /api/products', '/api/products?limit=20')
  else if (mood < 0.7) {
    get('GET /api/products/{id}', `/api/products/${productId}`)
    get('GET /api/inventory/{id}', `/api/inventory/${productId}`)
  } else if (mood < 0.95) {
    get('GET /api/products/{id}', `/api/products/${productId}`)
    buy(productId)
  } else get('GET /api/orders', '/api/orders?limit=20')
}
