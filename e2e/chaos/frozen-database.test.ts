import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { freezeTree } from '@hello/processes/process-info'
import { eventually } from '@hello/test-support/eventually'
import { median } from '@hello/test-support/statistics'

const frozenFor = 20_000
/** What a client of the gateway may have to wait, and what one of a service, in milliseconds; with a margin for a busy machine. */
const gatewayAnswersWithin = 5000 + 1000
const serviceAnswersWithin = 2500 + 1000
const scrapedWithin = 100
const recoversWithin = 3000
const databaseOwners = ['product', 'inventory', 'order']

interface Answer {
  status: number
  milliseconds: number
  body: string
  retryAfter: string | null
}

async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const began = performance.now()
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) })
  const body = await response.text()
  const retryAfter = response.headers.get('retry-after')
  return { status: response.status, milliseconds: performance.now() - began, body, retryAfter }
}

const order = (base: string) =>
  call(`${base}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ productId: 'product1', quantity: 1 }),
  })

/** Asks over and over, `pause` milliseconds apart, until it is stopped. */
function askRepeatedly(ask: () => Promise<Answer>, pause: number) {
  const answers: Answer[] = []
  let asking = true
  const done = (async () => {
    while (asking) {
      answers.push(await ask())
      await delay(pause)
    }
  })()
  return async () => {
    asking = false
    await done
    return answers
  }
}

const slowest = (answers: Answer[]) => Math.max(...answers.map(({ milliseconds }) => milliseconds))
const statuses = (answers: Answer[]) => [...new Set(answers.map(({ status }) => status))].sort().join()

/** @returns milliseconds until it held */
async function untilRecovered(holds: () => Promise<boolean>): Promise<number> {
  const began = performance.now()
  await eventually(holds, { seconds: recoversWithin / 1000, everyMs: 20 })
  return performance.now() - began
}

async function assertRecovery(t: TestContext, { urls, managementUrls }: Shop) {
  const recoveries: [what: string, holds: () => Promise<boolean>][] = [
    ['GET /api/products', async () => (await call(`${urls.gateway}/api/products`)).status === 200],
    ['GET /api/inventory', async () => (await call(`${urls.gateway}/api/inventory`)).status === 200],
    ['POST /api/orders', async () => (await order(`${urls.gateway}/api`)).status === 201],
    ...managementUrls.map(({ name, url }): [string, () => Promise<boolean>] => [
      `/readyz of ${name}`,
      async () => (await call(`${url}/readyz`)).status === 200,
    ]),
  ]
  const times = await Promise.all(
    recoveries.map(async ([what, holds]) => `${what} ${Math.round(await untilRecovered(holds))} ms`),
  )
  t.diagnostic(`recovered: ${times.join(', ')}`)
}

test('PostgreSQL stands still for 20 s: probes and scrapes answer, callers are told in time, and it is over at once', async (t) => {
  const shop = await startShop({ only: ['product', 'inventory', 'order', 'gateway'], durable: false })
  t.after(() => shop.stop())
  await shop.ready()
  const { urls, managementUrls } = shop
  const owners = managementUrls.filter(({ name }) => databaseOwners.includes(name))
  const postgres = shop.processes().find(({ service }) => service === 'postgres')!.pid!
  assert.equal((await order(`${urls.gateway}/api`)).status, 201)
  const reads = () => call(`${urls.product}/products/product1`)
  const readers = Array.from({ length: 12 }, () => askRepeatedly(reads, 10))
  await delay(500) // connections are open and in use
  await Promise.all(readers.map((stop) => stop()))

  const frozen = Array.from({ length: 12 }, () => askRepeatedly(reads, 10))
  const throughGateway = Array.from({ length: 4 }, () => askRepeatedly(() => call(`${urls.gateway}/api/products`), 50))
  const orders = Array.from({ length: 4 }, () => askRepeatedly(() => order(urls.order), 50))
  const thaw = freezeTree(postgres)
  const stoppedAt = performance.now()
  const live: Answer[] = []
  const scrapes: Answer[] = []
  let reasons: Answer[] = []
  try {
    while (performance.now() - stoppedAt < frozenFor) {
      live.push(...(await Promise.all(managementUrls.map(({ url }) => call(`${url}/livez`)))))
      for (const { url } of managementUrls) scrapes.push(await call(`${url}/metrics`))
      reasons = await Promise.all(owners.map(({ url }) => call(`${url}/readyz`)))
    }
  } finally {
    thaw()
  }
  await assertRecovery(t, shop)
  const [direct, forwarded, ordered] = await Promise.all(
    [frozen, throughGateway, orders].map(async (clients) => (await Promise.all(clients.map((stop) => stop()))).flat()),
  )

  assert.equal(statuses(live), '200')
  assert.equal(statuses(scrapes), '200')
  const usual = median(scrapes.map(({ milliseconds }) => milliseconds))
  t.diagnostic(`${scrapes.length} scrapes: median ${usual.toFixed(1)} ms, slowest ${slowest(scrapes).toFixed(1)} ms`)
  assert.ok(usual < scrapedWithin, `a scrape took ${usual} ms`)
  for (const { body } of scrapes) assert.match(body, /^process_resident_memory_bytes \d+/m)
  for (const { status, body } of reasons) {
    assert.equal(status, 503)
    assert.match(JSON.parse(body).failures.database, /.+/)
  }
  t.diagnostic(`/readyz says ${reasons[0]!.body}`)

  t.diagnostic(`product: ${direct!.length} answers, ${statuses(direct!)}, slowest ${Math.round(slowest(direct!))} ms`)
  t.diagnostic(`gateway: ${forwarded!.length}, ${statuses(forwarded!)}, slowest ${Math.round(slowest(forwarded!))} ms`)
  t.diagnostic(`order: ${ordered!.length}, ${statuses(ordered!)}, slowest ${Math.round(slowest(ordered!))} ms`)
  for (const answers of [direct!, forwarded!, ordered!]) {
    const failed = answers.filter(({ status }) => status >= 400)
    assert.ok(failed.length > 0, 'callers met the frozen database')
    for (const { status, body, retryAfter } of failed) {
      assert.ok(status === 503 || status === 504, `answered ${status}: ${body}`)
      if (status === 503) assert.match(retryAfter!, /^\d+$/)
    }
  }
  assert.ok(slowest(direct!) < serviceAnswersWithin, `product took ${slowest(direct!)} ms`)
  assert.ok(slowest(ordered!) < serviceAnswersWithin, `order took ${slowest(ordered!)} ms`)
  assert.ok(slowest(forwarded!) < gatewayAnswersWithin, `the gateway took ${slowest(forwarded!)} ms`)
})
