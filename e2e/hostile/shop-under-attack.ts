import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type ServiceName, services } from '@hello/shop/services'
import { timeBudget } from '@hello/shop/time-budget'
import { eventually } from '@hello/test-support/eventually'
import { gateway } from '../lib/running-shop.ts'
import { type Answer, inTime, shopClient } from '../lib/shop-client.ts'
import { exchange, type RawAnswer } from './raw-connection.ts'

const { call, order, stock, stockProduct } = shopClient(gateway)

/** Every server of the shop that takes HTTP, but for the management ports. */
export const servers = Object.fromEntries(
  services.map(({ name, port }) => [name, process.env[`${name.toUpperCase()}_URL`] ?? `http://localhost:${port}`]),
) as Record<ServiceName, string>

/** Name and URL of each management port. */
export const management = Object.fromEntries(
  (process.env.MANAGEMENT_URLS ?? '').split(',').map((entry) => entry.split('=') as [string, string]),
)

async function metricsOf(service: string): Promise<string> {
  const response = await fetch(`${management[service]}/metrics`)
  assert.equal(response.status, 200, `/metrics of ${service}`)
  return response.text()
}

/** Fails unless the server answered each request with something below 500, and said why it ended the connection if it did. */
export function assertExplained({ statuses, text, closed }: RawAnswer, what: string) {
  assert.ok(statuses.length > 0, `${what}: ${closed ? 'the connection was closed' : 'nothing came'} without an answer`)
  for (const status of statuses) assert.ok(status < 500, `${what}: ${text.slice(0, 400)}`)
  if (statuses.at(-1)! >= 400) assert.match(text, /application\/problem\+json/i, `${what}: ${text.slice(0, 400)}`)
}

/** Sends the same bytes to every server and checks each answer. @returns the statuses, by server */
export async function attackEach(what: string, bytes: string | Buffer): Promise<Record<string, number[]>> {
  const answers = await Promise.all(
    Object.entries(servers).map(async ([name, url]) => {
      const answer = await exchange(url, bytes)
      assertExplained(answer, `${name}, ${what}`)
      return [name, answer.statuses] as const
    }),
  )
  return Object.fromEntries(answers)
}

/**
 * For a file of attacks: an honest client shops while they run and must not notice, and afterwards no breaker has opened, the
 * stock adds up, and no request of the file has ended in a 5xx on any server; but a service may have asked another to come again
 * (503), as long as nobody outside hears of it. Where the machine was too slow for the shop's time budget, the client has heard of
 * it, and what it repeats must be done, and once; then requests of others may have ended late, too.
 *
 * @param nobodyWaits whether the attackers go away, so that what they have asked for may end late anyhow
 */
export function anHonestClientSeesNothing({ nobodyWaits = false } = {}) {
  let shopping = true
  let client: Promise<void>
  let product: string
  let orders = 0
  let late = 0
  const metricsBefore = new Map<string, string>()

  const patiently = (ask: () => Promise<Answer>) => inTime(ask, () => late++)

  before(async () => {
    for (const service of Object.keys(management)) metricsBefore.set(service, await metricsOf(service))
    product = (await stockProduct(100_000)).id
    client = (async () => {
      for (let visit = 0; shopping; visit++) {
        const read = await patiently(() => call('GET', `/api/products/${product}`))
        assert.equal(read.status, 200, `an honest reader was answered ${JSON.stringify(read.body)}`)
        if (visit % 5 === 0) {
          const key = { 'idempotency-key': randomUUID() }
          const bought = await patiently(() => order(product, 1, key))
          assert.equal(bought.status, 201, `an honest buyer was answered ${JSON.stringify(bought.body)}`)
          orders++
        }
        await delay(20)
      }
    })()
    client.catch(() => {}) // thrown again below
  })

  after(async () => {
    shopping = false
    await client
    if (nobodyWaits || late > 0) await untilAllEnded()
    assert.ok(orders > 0)
    assert.equal(await stock(product), 100_000 - orders)
    for (const service of Object.keys(management)) {
      const metrics = await metricsOf(service)
      assert.doesNotMatch(metrics, /breaker_state\{[^}]*state="(open|half-open)"[^}]*\} 1/, `a breaker of ${service}`)
      const failed = (text: string) => failures(service, text, nobodyWaits || late > 0)
      assert.deepEqual(failed(metrics), failed(metricsBefore.get(service)!), `answers of 5xx by ${service}`)
    }
    assert.match(await metricsOf('inventory'), /shop_stock_invariant_violations 0/)
  })
}

/** How many requests each service has answered, or ended without an answer. */
async function ended(): Promise<string> {
  const counts = await Promise.all(
    Object.keys(management).map(async (service) => {
      const metrics = await metricsOf(service)
      return [...metrics.matchAll(/^http_server_request_duration_seconds_count\{.*\} (\d+)/gm)].map(
        ([, count]) => count,
      )
    }),
  )
  return JSON.stringify(counts)
}

/** Waits for requests that end late, which the gateway does with all of them in its time, so that the next file does not count them. */
async function untilAllEnded() {
  let before = await ended()
  await eventually(
    async () => {
      await delay(timeBudget.gateway)
      const now = await ended()
      const isQuiet = now === before
      before = now
      return isQuiet
    },
    { seconds: 60 },
  )
}

/** Requests that a service failed at, by its own count: how many by route and status. */
function failures(service: string, metrics: string, wasLate: boolean): Record<string, number> {
  const isPublic = service === 'frontend' || service === 'gateway'
  const status = wasLate ? '5(?!0[34])\\d\\d' : isPublic ? '5\\d\\d' : '5(?!03)\\d\\d'
  const series = `^http_server_request_duration_seconds_count\\{([^}]*http_response_status_code="${status}"[^}]*)\\} (\\d+)`
  return Object.fromEntries(
    [...metrics.matchAll(new RegExp(series, 'gm'))].map(([, labels, count]) => [labels, Number(count)]),
  )
}
