import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'
import { auditBooks, countPending } from '../lib/books.ts'
import { buy, outcomeOf, type Purchase } from '../lib/buyer.ts'
import { shopClient } from '../lib/shop-client.ts'
import { createFaults } from './fault.ts'
import { seededRandom } from './seeded-random.ts'
import { recordTelemetry } from './telemetry-record.ts'

const seed = process.env.CHAOS_SEED ?? String(randomInt(1_000_000))
const kills = Number(process.env.CHAOS_KILLS ?? 24)
const clients = 16
/** Units of each product; the last are soon sold out. */
const supplies = [200_000, 200_000, 200_000, 200_000, 100]

/** @returns what is in stock, by product */
async function stockProducts(gateway: string): Promise<Map<string, number>> {
  const { stockProduct } = shopClient(gateway)
  const stock = new Map<string, number>()
  for (const quantity of supplies) stock.set((await stockProduct(quantity, 1.25)).id, quantity)
  return stock
}

/** `shop_stored_orders` by status, as the replicas of order expose it. */
async function storedOrders(managementUrl: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${managementUrl}/metrics`)).text()
  const samples = text.matchAll(/^shop_stored_orders\{status="(\w+)"\} (\d+)/gm)
  return Object.fromEntries([...samples].map(([, status, count]) => [status, Number(count)]))
}

test(`no order is lost, sold twice or unexplained while ${kills} processes are killed (CHAOS_SEED=${seed})`, async (t) => {
  t.diagnostic(`CHAOS_SEED=${seed}`)
  const telemetry = await recordTelemetry()
  t.after(() => telemetry.close())
  const shop = await startShop({
    only: ['product', 'inventory', 'order', 'gateway'],
    replicas: { product: 2, inventory: 2, order: 2, gateway: 2 },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: telemetry.endpoint },
    onLine: telemetry.line,
  })
  t.after(() => shop.stop())
  await shop.ready()
  const gateways = shop.urlsOf('gateway')
  const stock = await stockProducts(gateways[0]!)
  const products = [...stock.keys()]

  const purchases: Purchase[] = []
  let open = true
  const buying = new AbortController()
  t.after(() => buying.abort())
  const buyers = Array.from({ length: clients }, async (_, n) => {
    const random = seededRandom(`${seed}:client:${n}`)
    while (open) {
      const productId = products[Math.floor(random() * products.length)]!
      purchases.push(await buy(gateways, productId, 1 + Math.floor(random() * 3), random, buying.signal))
    }
  })

  const random = seededRandom(`${seed}:faults`)
  const faults = createFaults(shop, random)
  for (let said = 0; faults.counts.kills < kills; ) {
    // What hits nobody at work proves little: the shop first answers an order again, if it can within a few seconds.
    const answered = purchases.length
    for (const enough = Date.now() + 5000; purchases.length === answered && Date.now() < enough; ) await delay(20)
    await delay(random() * 600)
    for (let together = 1 + Math.floor(random() * 3); together > 0; together--) faults.inject()
    if (faults.counts.kills - said < 100) continue
    said = faults.counts.kills
    console.log(`${said} of ${kills} kills, ${faults.counts.freezes} freezes, ${purchases.length} orders answered`)
  }
  const lastFault = await faults.over()
  await eventually(async () => (await countPending(shop.databaseUrl('order'), lastFault)) === 0, {
    seconds: 300,
    everyMs: 250,
  })
  t.diagnostic(`every order decided ${((Date.now() - lastFault) / 1000).toFixed(1)} s after the last fault`)
  open = false
  await Promise.all(buyers)
  await shop.ready()
  const known = await Promise.all(
    purchases.map((purchase) => (purchase.status === 202 ? outcomeOf(gateways, purchase) : purchase)),
  )

  const orders = await auditBooks(
    { order: shop.databaseUrl('order'), inventory: shop.databaseUrl('inventory') },
    known,
    stock,
  )
  assert.ok(known.length > 50, `only ${known.length} orders were answered: that proves nothing`)
  assert.equal(orders.length, known.length, 'every order belongs to a buyer who was told of it')

  const counts = Object.fromEntries(
    (['CREATED', 'REJECTED'] as const).map((status) => [
      status,
      orders.filter((order) => order.status === status).length,
    ]),
  )
  for (const { name, url } of shop.managementUrls.filter(({ name }) => name.startsWith('order'))) {
    await eventually(async () => assert.deepEqual(await storedOrders(url), { PENDING: 0, ...counts }, name))
  }
  // The spans of the last answers were sent meanwhile.
  const traced = known.filter(telemetry.isTraced)
  const recovered = known.filter(telemetry.isRecovered)
  const logged = known.filter(telemetry.isLogged)
  const untraced = known.filter((purchase) => !telemetry.isTraced(purchase) && !telemetry.isRecovered(purchase))
  const givenUp = known.reduce((sum, purchase) => sum + purchase.givenUp, 0)
  t.diagnostic(
    `${faults.counts.kills} kills, ${faults.counts.freezes} freezes, ${givenUp} calls given up by their buyers`,
  )
  t.diagnostic(
    `${known.length} orders answered: ${counts.CREATED} created, ${counts.REJECTED} rejected; kept ${orders.length}`,
  )
  t.diagnostic(
    `${traced.length} in traces, ${recovered.length} linked by recoveries, ${logged.length} in logs, ${untraced.length} in these only`,
  )
  for (const purchase of untraced) {
    assert.ok(telemetry.isTakenByKills(purchase, faults.killed), `no trace of ${JSON.stringify(purchase)}`)
  }
  for (const purchase of known) assert.ok(telemetry.isLogged(purchase), `no log line of ${JSON.stringify(purchase)}`)
})
