import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@hello/test-support/eventually'
import { gateway } from '../lib/running-shop.ts'
import { type Answer, inTime, shopClient } from '../lib/shop-client.ts'
import { open, request } from './raw-connection.ts'
import { anHonestClientSeesNothing, servers } from './shop-under-attack.ts'

const { call, order, stock, stockProduct } = shopClient(gateway)

anHonestClientSeesNothing({ nobodyWaits: true })

/** Sends a request and goes away after so many milliseconds, by FIN or by RST. */
async function abandon(url: string, bytes: string, after: number, abruptly: boolean) {
  const socket = open(url)
  socket.write(bytes)
  await delay(after)
  socket[abruptly ? 'resetAndDestroy' : 'destroy']()
}

test('buyers who go away at every moment get what they ordered once, and hold nobody up', async () => {
  const { id: product } = await stockProduct(1000)
  const body = JSON.stringify({ productId: product, quantity: 1 })
  const keys = Array.from({ length: 200 }, () => randomUUID())
  const post = (key: string) =>
    request(
      'POST /api/orders HTTP/1.1',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      `Idempotency-Key: ${key}`,
    ) + body
  for (let batch = 0; batch < keys.length; batch += 20) {
    await Promise.all(
      keys
        .slice(batch, batch + 20)
        .map((key, n) => abandon(n % 2 ? servers.gateway : servers.frontend, post(key), n, n % 3 === 0)),
    )
  }
  const answers: Answer[] = []
  for (let asked = 0; asked < keys.length; asked += 20) {
    const some = keys.slice(asked, asked + 20).map((key) => inTime(() => order(product, 1, { 'idempotency-key': key })))
    answers.push(...(await Promise.all(some)))
  }
  for (const { status } of answers) assert.ok(status === 201 || status === 202, `answered ${status}`)
  assert.equal(new Set(answers.map((answer) => answer.body.id)).size, keys.length)
  await eventually(async () => (await stock(product)) === 1000 - keys.length)
})

test('readers who go away in the middle of an answer hold nobody up', async () => {
  const list = request('GET /api/products?limit=100 HTTP/1.1')
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        abandon(n % 2 ? servers.gateway : servers.frontend, list.repeat(20), n / 2, n % 3 === 0),
      ),
    )
  }
  assert.equal((await inTime(() => call('GET', '/api/products?limit=1'))).status, 200)
})

test('connections on which nothing is sent hold nobody up', async () => {
  const sockets = Array.from({ length: 200 }, (_, n) => {
    const socket = open(n % 2 ? servers.gateway : servers.frontend)
    if (n % 4 === 0) socket.write('GET /api/pro')
    return socket
  })
  await delay(300)
  assert.equal((await inTime(() => call('GET', '/api/products?limit=1'))).status, 200)
  for (const socket of sockets) socket.destroy()
})
