import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'

const { order, stock, stockProduct } = shopClient(gateway)

test('300 orders at the same time on 75 units: 75 are made, 225 refused, nothing is left', async () => {
  const { id: productId } = await stockProduct(75)
  const answers = await Promise.all(Array.from({ length: 300 }, () => order(productId, 1)))
  const count = (status: number) => answers.filter((answer) => answer.status === status).length
  assert.deepEqual({ made: count(201), refused: count(409) }, { made: 75, refused: 225 })
  assert.equal(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size, 75)
  assert.equal(await stock(productId), 0)
})
