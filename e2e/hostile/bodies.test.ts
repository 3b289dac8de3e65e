import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'
import { exchange, open, request } from './raw-connection.ts'
import { anHonestClientSeesNothing, assertExplained, servers } from './shop-under-attack.ts'

const { call, stock, stockProduct } = shopClient(gateway)

anHonestClientSeesNothing()

const { id: product } = await stockProduct(1000)
after(async () => {
  assert.equal(await stock(product), 1000, 'nothing that was refused has an effect')
})

const order = JSON.stringify({ productId: product, quantity: 1 })
const quoted = (json: string) => Buffer.from(json)
/** Bytes of a name, put between its quotes as they are. */
const named = (...bytes: number[]) => Buffer.concat([quoted('{"name":"'), Buffer.from(bytes), quoted('","price":1}')])

/** Bodies of which no part may take effect, by the path that they go to. */
const bodies: Record<string, [path: string, body: Buffer]> = {
  'invalid UTF-8 in a name': ['/products', named(0x61, 0xff, 0x62)],
  'overlong UTF-8': ['/products', named(0xc0, 0xaf)],
  'a surrogate in UTF-8': ['/products', named(0xed, 0xa0, 0x80)],
  'half a character at the end': ['/products', named(0x61, 0xe2, 0x82)],
  'an unpaired surrogate': ['/products', quoted('{"name":"a\\ud800","price":1}')],
  'a name of zero width': ['/products', quoted('{"name":"\\u200b\\u200b\\ufeff","price":1}')],
  'a name of control characters': ['/products', quoted('{"name":"\\u0001\\u0002","price":1}')],
  'UTF-16': ['/orders', Buffer.from(order, 'utf16le')],
  'a prototype': ['/orders', quoted(`{"__proto__":{"quantity":1},"productId":"${product}"}`)],
  'a million brackets': ['/orders', quoted('['.repeat(500_000) + ']'.repeat(500_000))],
  'deep objects': ['/orders', quoted(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)],
  '100,000 fields': ['/orders', quoted(`{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`).join()}}`)],
  'a number of 900,000 digits': ['/orders', quoted(`{"productId":"${product}","quantity":${'1'.repeat(900_000)}}`)],
  'a key of 900,000 characters': ['/orders', quoted(`{"${'k'.repeat(900_000)}":1}`)],
  'a body of 5 MB': ['/orders', Buffer.alloc(5_000_000, 'a')],
}

describe('no body leads to a 5xx, or to anything at all', () => {
  for (const [what, [path, body]] of Object.entries(bodies)) {
    test(what, async () => {
      for (const [server, prefix] of [
        ['frontend', '/api'],
        ['gateway', '/api'],
        [path === '/products' ? 'product' : 'order', ''],
      ] as const) {
        for (const framing of ['length', 'chunks']) {
          const header = framing === 'length' ? `Content-Length: ${body.length}` : 'Transfer-Encoding: chunked'
          const start = request(`POST ${prefix}${path} HTTP/1.1`, 'Content-Type: application/json', header)
          const pieces = framing === 'length' ? [body] : [`${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n']
          const answer = await exchange(servers[server], [start, ...pieces])
          assertExplained(answer, `${server}, ${what} by ${framing}`)
          assert.ok(answer.statuses[0]! >= 400, `${server}, ${what} by ${framing}: ${answer.text.slice(0, 300)}`)
        }
      }
    })
  }

  test('compressed', async () => {
    const body = gzipSync(order)
    const headers = ['Content-Type: application/json', 'Content-Encoding: gzip', `Content-Length: ${body.length}`]
    for (const [url, path] of [
      [servers.frontend, '/api/orders'],
      [servers.gateway, '/api/orders'],
      [servers.order, '/orders'],
    ] as const) {
      const answer = await exchange(url, [request(`POST ${path} HTTP/1.1`, ...headers), body])
      assertExplained(answer, path)
      assert.ok(answer.statuses[0]! >= 400)
    }
  })
})

describe('a body that does not come as it was announced', () => {
  for (const [what, ...pieces] of [
    ['too short, and the client leaves', 'Content-Length: 100', '{'],
    ['half a chunk, and the client leaves', 'Transfer-Encoding: chunked', 'a\r\n{"prod'],
    ['no last chunk, and the client leaves', 'Transfer-Encoding: chunked', '2\r\n{}\r\n'],
  ] as const) {
    test(what, async () => {
      const [header, body] = pieces
      const bytes = request('POST /api/orders HTTP/1.1', 'Content-Type: application/json', header) + body
      await Promise.all(
        Array.from({ length: 60 }, async (_, n) => {
          const socket = open(n % 2 ? servers.gateway : servers.frontend)
          socket.write(bytes)
          await delay(20 + n)
          socket[n % 3 ? 'destroy' : 'resetAndDestroy']()
        }),
      )
      assert.equal((await call('GET', '/api/orders?limit=1')).status, 200)
    })
  }
})
