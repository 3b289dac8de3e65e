import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { freePort } from '@hello/processes/ports'
import { startService } from '@hello/service-kit/testing/child-service'
import { eventually } from '@hello/test-support/eventually'
import { auditBooks } from './lib/books.ts'
import type { AnsweredOrder } from './lib/buyer.ts'
import { lastRelease, skip } from './lib/released.ts'
import { inTime, shopClient } from './lib/shop-client.ts'

const here = join(import.meta.dirname, '..')
const names = ['product', 'inventory', 'order'] as const
type Name = (typeof names)[number]
type Release = 'old' | 'new'

const plenty = 100_000
/** Answered orders after which a step of the upgrade has been seen to hold. */
const enough = 100
const buyers = 8

const byName = async <Value>(make: (name: Name) => Promise<Value>) =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await make(name)]))) as Record<Name, Value>
const newPort = async () => String(await freePort())

let trees: Record<Release, string>
before(async () => {
  if (!skip) trees = { old: await lastRelease(), new: here }
})

/** The services of two releases on the same databases, behind one gateway of the new one. */
async function startReleases() {
  const databases = await byName(() => createTestDatabase())
  const ports = { old: await byName(newPort), new: await byName(newPort) }
  const urlOf = (release: Release, name: Name) => `http://127.0.0.1:${ports[release][name]}`
  const bothOf = (name: Name) => `${urlOf('old', name)},${urlOf('new', name)}`
  const running: Record<Release, Awaited<ReturnType<typeof startService>>[]> = { old: [], new: [] }

  async function start(release: Release) {
    const service = (name: Name, more: Record<string, string> = {}) =>
      startService(join(trees[release], 'services', name, 'src/server.ts'), {
        PORT: ports[release][name],
        DATABASE_URL: databases[name],
        SHUTDOWN_DELAY_MS: '4000',
        ...more,
      })
    const ofOthers = { PRODUCT_SERVICE_URL: bothOf('product'), INVENTORY_SERVICE_URL: bothOf('inventory') }
    running[release] = await Promise.all([service('product'), service('inventory'), service('order', ofOthers)])
  }
  async function stop(release: Release) {
    for (const { child } of running[release]) child.kill('SIGTERM')
    for (const { exited } of running[release]) assert.deepEqual(await exited, [0, null])
  }

  await start('old')
  const { url } = await startService(join(here, 'services/gateway/src/server.ts'), {
    PRODUCT_SERVICE_URL: bothOf('product'),
    INVENTORY_SERVICE_URL: bothOf('inventory'),
    ORDER_SERVICE_URL: bothOf('order'),
  })
  return { databases, start, stop, gateway: url, orderUrl: (release: Release) => urlOf(release, 'order') }
}

test('the last release and this one work on one database, and a key makes one order in both', { skip }, async (t) => {
  const { databases, start, stop, gateway, orderUrl } = await startReleases()
  const { order, stockProduct } = shopClient(gateway)
  const { id: productId } = await stockProduct(plenty)

  const purchases: AnsweredOrder[] = []
  const failures: string[] = []
  let open = true
  async function keepBuying() {
    while (open) {
      const key = randomUUID()
      const { status, body } = await inTime(() => order(productId, 1, { 'idempotency-key': key }))
      if (status === 201) purchases.push({ key, productId, quantity: 1, status, id: body.id })
      else failures.push(`${status} ${JSON.stringify(body)}`)
    }
  }
  const buying = Array.from({ length: buyers }, keepBuying)
  t.after(async () => {
    open = false
    await Promise.allSettled(buying)
  })
  const untilHeld = () => {
    const before = purchases.length
    return eventually(() => purchases.length > before + enough || failures.length > 0)
  }

  await untilHeld()
  await start('new')
  await untilHeld()
  for (const [first, second] of [
    ['old', 'new'],
    ['new', 'old'],
  ] as const) {
    const key = randomUUID()
    const placed = async (release: Release) => {
      const answer = await inTime(() =>
        shopClient(orderUrl(release)).call('POST', '/orders', { productId, quantity: 1 }, { 'idempotency-key': key }),
      )
      assert.equal(answer.status, 201)
      return answer.body.id as string
    }
    const id = await placed(first)
    assert.equal(await placed(second), id, `${first} and ${second} made two orders of one key`)
    purchases.push({ key, productId, quantity: 1, status: 201, id })
  }
  await stop('old')
  await untilHeld()
  // The way back: what this release has added to the databases stays.
  await start('old')
  await untilHeld()
  await stop('new')
  await untilHeld()

  open = false
  await Promise.all(buying)
  t.diagnostic(`${purchases.length} orders, ${failures.length} failures`)
  assert.deepEqual(failures, [])
  await auditBooks(databases, purchases, new Map([[productId, plenty]]))
})
