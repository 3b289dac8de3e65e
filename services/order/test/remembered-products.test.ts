import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startOrder } from './running-order.ts'

const { app, post, product } = await startOrder()

const order = (productId: string) => post({ productId, quantity: 1 })
const asked = (productId: string) => product.seen.filter((call) => call === `GET /products/${productId}`).length
const lookups = async (result: 'hit' | 'miss') => {
  const metric = await app.metrics.client.register.getSingleMetric('shop_product_lookups_total')!.get()
  return metric.values.find(({ labels }) => labels.result === result)!.value
}

test('a product is asked for once, and counted', async () => {
  for (const _ of ['first', 'second', 'third']) {
    const answer = await order('product1')
    assert.equal(answer.statusCode, 201)
    assert.equal(answer.json().totalPrice, 10.99)
  }
  assert.equal(asked('product1'), 1)
  assert.deepEqual([await lookups('hit'), await lookups('miss')], [2, 1])
})

test('one that there is not yet is asked for again', async () => {
  assert.equal((await order('later')).statusCode, 404)
  product.answer = () => ({ status: 200, body: { id: 'later', name: 'Later', price: 2 } })
  assert.equal((await order('later')).json().productName, 'Later')
  assert.equal(asked('later'), 2)
})

test('as many are remembered as there is room for, and the oldest is asked for again', async () => {
  product.answer = ({ path }) => ({ status: 200, body: { id: path, name: path, price: 1 } })
  await order('oldest')
  for (let n = 0; n < 10_000; n++) app.rememberedProducts.set(`bulk-${n}`, { name: 'Bulk', priceCents: 1 })
  app.rememberedProducts.delete('product1')
  app.rememberedProducts.delete('later')
  app.rememberedProducts.delete('bulk-9999')
  await order('newest')
  assert.equal(app.rememberedProducts.size, 10_000)
  await order('oldest')
  await order('newest')
  assert.deepEqual([asked('oldest'), asked('newest')], [2, 1])
})
