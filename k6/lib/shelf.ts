import { sleep } from 'k6'
import exec from 'k6/execution'
import http, { type RefinedResponse } from 'k6/http'
import { books } from './measures.ts'
import type { ProductOnShelf } from './shop-client.ts'
import { refusal } from './target.ts'

export interface ShelfPlan {
  products: number
  /** Of each product; so many that they last, or so few that they do not. */
  units: number
  /** Whether all of them are to be sold. */
  soldOut: boolean
}

/** What the visitors of a run find: products that nobody else buys. */
export interface Shelf extends ShelfPlan {
  onShelf: ProductOnShelf[]
  /** Of the shop, when the run began. */
  newestOrder?: string
  startedAt: string
}

interface Order {
  id: string
  productId: string
  quantity: number
  status: 'PENDING' | 'CREATED' | 'REJECTED'
}

const price = 9.99

/** In seconds. A shop that has just crashed is back by then; one that is down is not waited for. */
const patience = { healthy: 10, written: 30, settled: 90 }

type Answer = RefinedResponse<'text'>

/** Asks until the answer is the expected one; where that has not come within `seconds`, the run ends. */
function ask(expected: number, seconds: number, url: string, method: 'GET' | 'POST' | 'PUT' = 'GET', body?: object) {
  const until = Date.now() + seconds * 1000
  let answer: Answer
  for (;;) {
    answer = http.request(method, url, body && JSON.stringify(body), {
      headers: body ? { 'content-type': 'application/json' } : {},
      tags: { name: 'around the run' },
      responseCallback: http.expectedStatuses({ min: 100, max: 599 }),
      responseType: 'text',
      timeout: '5s',
    })
    // What is wrong with the request does not mend itself.
    const final = answer.status >= 400 && answer.status < 500 && answer.status !== 429
    if (answer.status === expected || final || Date.now() > until) break
    sleep(0.5)
  }
  if (answer.status === expected) return answer
  const said = answer.status === 0 ? answer.error : `${answer.status} ${String(answer.body).slice(0, 200)}`
  exec.test.abort(`${method} ${url} was not answered ${expected} within ${seconds} s, at last: ${said}`)
  return answer
}

/**
 * Puts up products of the run's own, so that its results depend on nothing that was bought before. Before any load it ends the run
 * where the address is another machine's that nobody has named, or the shop is not well.
 */
export function stockShelf(gateway: string, allowedHost: string | undefined, plan: ShelfPlan): Shelf {
  const refused = refusal(gateway, allowedHost)
  if (refused) exec.test.abort(refused)
  for (const path of ['/health', '/api/products?limit=1', '/api/inventory', '/api/orders?limit=1'])
    ask(200, patience.healthy, gateway + path)
  const newest = ask(200, patience.healthy, `${gateway}/api/orders?limit=1`).json('0.id')
  const onShelf = Array.from({ length: plan.products }, (_, index) => {
    const name = `Load test ${index + 1}`
    const product = ask(201, patience.written, `${gateway}/api/products`, 'POST', { name, price })
    const id = String(product.json('id'))
    ask(200, patience.written, `${gateway}/api/inventory/${id}`, 'PUT', { quantity: plan.units })
    return { id, price }
  })
  return {
    ...plan,
    onShelf,
    startedAt: new Date().toISOString(),
    ...(newest !== undefined && { newestOrder: String(newest) }),
  }
}

/** All orders since the run began, newest first: also those of others. */
function* ordersSince(gateway: string, newestBefore: string | undefined): Generator<Order> {
  let path: string | undefined = '/api/orders?limit=100'
  while (path) {
    const page: Answer = ask(200, patience.written, gateway + path)
    for (const order of page.json() as unknown as Order[]) {
      if (order.id === newestBefore) return
      yield order
    }
    path = /<([^>]+)>; rel="next"/.exec(page.headers.Link ?? '')?.[1]
  }
}

function count(gateway: string, { onShelf, newestOrder, units }: Shelf) {
  const sold = new Map(onShelf.map(({ id }) => [id, 0]))
  let pending = 0
  for (const { productId, quantity, status } of ordersSince(gateway, newestOrder)) {
    const before = sold.get(productId)
    if (before === undefined) continue
    if (status === 'PENDING') pending += 1
    if (status === 'CREATED') sold.set(productId, before + quantity)
  }
  const left = onShelf.map(({ id }) =>
    Number(ask(200, patience.written, `${gateway}/api/inventory/${id}`).json('quantity')),
  )
  return {
    balances: pending === 0 && onShelf.every(({ id }, index) => units - sold.get(id)! === left[index]),
    sold: onShelf.reduce((sum, { id }) => sum + sold.get(id)!, 0),
    left: left.reduce((sum, units) => sum + units, 0),
  }
}

/**
 * Holds the shop's own books against each other, by its API: for each product of the run, what was put in stock is what its orders
 * have sold and what is left. Orders whose outcome is not known yet are waited for.
 */
export function auditShelf(gateway: string, shelf: Shelf) {
  const until = Date.now() + patience.settled * 1000
  let found = count(gateway, shelf)
  while (!found.balances && Date.now() < until) {
    sleep(2)
    found = count(gateway, shelf)
  }
  books.supplied.add(shelf.units * shelf.products)
  books.sold.add(found.sold)
  books.left.add(found.left)
  books.balance.add(found.balances && (!shelf.soldOut || found.left === 0))
}
