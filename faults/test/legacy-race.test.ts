import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../../services/inventory/src/app.ts'
import { stockRepository } from '../../services/inventory/src/stock-repository.ts'
import { legacyRace } from '../legacy-race/fault.ts'
import { settings, whileSet } from './flagged.ts'

const app = await buildApp({ ...settings, DATABASE_URL: await createTestDatabase(), SEED_DEMO: false })
after(() => app.close())
await app.ready()

let made = 0
async function reserve(productId: string, orderId = `order-${++made}`) {
  const url = `/reservations/${orderId}`
  return eventually(async () => {
    const { statusCode } = await app.inject({ method: 'PUT', url, payload: { productId, quantity: 1 } })
    return statusCode !== 503 && statusCode // a database that is slow is asked again
  })
}
const supply = (productId: string, quantity: number) =>
  app.inject({ method: 'PUT', url: `/inventory/${productId}`, payload: { quantity } })
const left = async (productId: string) => (await app.inject(`/inventory/${productId}`)).json().quantity
const violations = () => stockRepository(app.database).countViolations()

/** Orders one of a product so many times at once; how many were sold. */
async function rush(productId: string, orders: number) {
  const statuses = await Promise.all(Array.from({ length: orders }, () => reserve(productId)))
  return statuses.filter((status) => status < 300).length
}

test('orders at once sell more than there is, and the stock fits again when it ends', async () => {
  await supply('some', 100)
  await supply('none', 0)
  await supply('few', 2)
  assert.equal(await rush('few', 4), 2)
  assert.equal(await violations(), 0)
  await supply('few', 2)

  await whileSet(legacyRace, async () => {
    await eventually(async () => {
      await rush('some', 4)
      assert.ok((await violations()) > 0)
    })
    await eventually(async () => {
      await supply('few', 2)
      assert.ok((await rush('few', 4)) > 2, 'no more were sold than there were')
    })
    assert.equal(await violations(), 2)

    // Nothing but the sum is wrong.
    const same = await Promise.all(Array.from({ length: 4 }, () => reserve('some', 'asked-again')))
    assert.deepEqual(
      same.filter((status) => status !== 200 && status !== 201),
      [],
    )
    assert.equal(await reserve('none'), 409)
    assert.equal(await reserve('nothing'), 404)
    assert.equal((await app.inject('/health')).statusCode, 200)
    await eventually(async () => assert.deepEqual(await app.readiness.failures(), {}))
  })

  await eventually(async () => assert.equal(await violations(), 0))
  assert.equal(await left('few'), 0)
  const { rows } = await app.database.query(
    `SELECT sum(quantity)::int AS sold FROM reservations WHERE product_id = 'some'`,
  )
  assert.equal(await left('some'), 100 - rows[0].sold)
  await supply('few', 3)
  assert.equal(await rush('few', 4), 3)
  assert.equal(await violations(), 0)
})

for (const language of ['en', 'ko'])
  test(`the SQL of the ${language} runbook makes the stock fit`, async () => {
    await supply('mended', 10)
    await rush('mended', 3)
    await supply('sold-twice', 2)
    await rush('sold-twice', 2)
    await app.database.query(`UPDATE stock SET quantity = quantity + 2 WHERE product_id = 'mended'`)
    await app.database.query(`UPDATE stock SET supplied = 1 WHERE product_id = 'sold-twice'`)
    assert.equal(await violations(), 2)

    const file = new URL(`../../docs/${language}/runbooks/ShopStockInvariantViolated.md`, import.meta.url)
    const line = (await readFile(file, 'utf8')).split('\n').find((one) => one.includes('-1 -c "lock table stock'))!
    const statements = [...line.matchAll(/-c "([^"]+)"/g)].map(([, statement]) => statement!)
    await app.database.query(statements.join('; '))

    assert.equal(await violations(), 0)
    assert.deepEqual([await left('mended'), await left('sold-twice')], [7, 0])
    await app.database.query(`DELETE FROM reservations WHERE product_id IN ('mended', 'sold-twice')`)
    await app.database.query(`UPDATE stock SET quantity = supplied WHERE product_id IN ('mended', 'sold-twice')`)
  })
