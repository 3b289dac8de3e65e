import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase } from '@hello/postgres/test-database'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../../services/product/src/app.ts'
import { brokenProduct } from '../broken-product/fault.ts'
import { slowProduct } from '../slow-product/fault.ts'
import { settings, whileSet } from './flagged.ts'

const app = await buildApp({ ...settings, DATABASE_URL: await createTestDatabase(), SEED_DEMO: true })
await app.ready()
after(() => app.close())
const status = async (url: string) => (await app.inject(url)).statusCode

test('broken-product fails what asks for one product, and nothing else', async () => {
  assert.equal(await status('/products/product3'), 200)
  await whileSet(brokenProduct, async () => {
    await eventually(async () => assert.equal(await status('/products/product3'), 500))
    for (const url of ['/products/product1', '/products/product2', '/products', '/health'])
      assert.equal(await status(url), 200, url)
    assert.equal(await status('/products/unknown'), 404)
    const { detail } = (await app.inject('/products/product3')).json()
    assert.match(detail, /product3/)
  })
  await eventually(async () => assert.equal(await status('/products/product3'), 200))
})

test('slow-product lets those wait who ask for one product', async () => {
  const isSlow = async (url: string) => {
    const answer = app.inject(url)
    const first = await Promise.race([answer.then(() => 'answer'), delay(1000, 'pause')])
    assert.equal((await answer).statusCode, 200)
    return first === 'pause'
  }
  await whileSet(slowProduct, async () => {
    await eventually(() => isSlow('/products/product2'))
    for (const url of ['/products/product1', '/products', '/health']) await eventually(async () => !(await isSlow(url)))
    await eventually(() => isSlow('/products/product2'))
  })
  await eventually(async () => !(await isSlow('/products/product2')))
})
