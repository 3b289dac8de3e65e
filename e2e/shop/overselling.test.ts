import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'

const { order, stock, stockProduct } = shopClient(gateway)

test('300 orders at the same time on 75 units: 75 are made, 225 refused, nothing is left', async () => {
  const { id: productId } = await stockProduct(75)
  // A machine that is too slow for all at once says so, and is asked again by the same key.
  async function buy() {
    const key = { 'idempotency-key': randomUUID() }
    return eventually(async () => {
      const answer = await order(productId, 1, key)
      return answer.status !== 202 && answer.status !== 503 && answer.status !== 504 && answer
    })
  }
  const answers = await Promise.all(Array.from({ length: 300 }, buy))
  const count = (status: number) => answers.filter((answer) => answer.status === status).length
  assert.deepEqual({ made: count(201), refused: count(409) }, { made: 75, refused: 225 })
  assert.equal(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size, 75)
  assert.equal(await stock(productId), 0)
})
