import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'
import { exchange, request } from './raw-connection.ts'
import { anHonestClientSeesNothing, assertExplained, attackEach, servers } from './shop-under-attack.ts'

const { stockProduct } = shopClient(gateway)

anHonestClientSeesNothing()

const concurrency = 4

const post = (...headers: string[]) =>
  request('POST /api/orders HTTP/1.1', 'Content-Type: application/json', ...headers)

/** What is no HTTP/1.1, or ambiguous: 400 and the end of the connection, from every server. */
const malformed: Record<string, string | Buffer> = {
  'a lower-case method': request('get /health HTTP/1.1'),
  'an unknown method': request('STEAL /health HTTP/1.1'),
  'HTTP/9.9': request('GET /health HTTP/9.9'),
  'the HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a TLS hello': Buffer.from('16030100c8010000c40303', 'hex'),
  'an SMTP greeting': 'EHLO attacker.example\r\n',
  'random bytes': Buffer.from(Array.from({ length: 512 }, (_, n) => (n * 167 + 13) % 256)),
  'no Host': 'GET /health HTTP/1.1\r\n\r\n',
  'a header without a colon': request('GET /health HTTP/1.1', 'Nonsense'),
  'a header without a name': request('GET /health HTTP/1.1', ': x'),
  'a space before the colon': request('GET /health HTTP/1.1', 'Accept : x'),
  'a folded header': request('GET /health HTTP/1.1', 'Accept: a\r\n b'),
  'a NUL byte in a header': request('GET /health HTTP/1.1', 'Accept: a\0b'),
  'a line break of CR alone': request('GET /health HTTP/1.1', 'Accept: a\rb'),
  'two lengths': `${post('Content-Length: 2', 'Content-Length: 3')}{}x`,
  'a length and chunks': `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  'chunks and a length': `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n`,
  'a length that is negative': post('Content-Length: -1'),
  'a length with a sign': `${post('Content-Length: +2')}{}`,
  'a hexadecimal length': post('Content-Length: 0x2'),
  'a length with an exponent': post('Content-Length: 1e1'),
  'a list of lengths': `${post('Content-Length: 2, 2')}{}`,
  'a length beyond 64 bits': post(`Content-Length: ${'9'.repeat(30)}`),
  'an encoding before chunked': `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
  'an encoding after chunked': `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n`,
  'chunked twice': `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  'an encoding that is almost chunked': `${post('Transfer-Encoding: xchunked')}0\r\n\r\n`,
  'a chunk without a size': `${post('Transfer-Encoding: chunked')}\r\n{}\r\n0\r\n\r\n`,
  'a chunk size that is no number': `${post('Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`,
  'a chunk size beyond 64 bits': `${post('Transfer-Encoding: chunked')}${'f'.repeat(17)}\r\n{}\r\n`,
  'a negative chunk size': `${post('Transfer-Encoding: chunked')}-2\r\n{}\r\n0\r\n\r\n`,
  'a chunk longer than its size': `${post('Transfer-Encoding: chunked')}1\r\n{}\r\n0\r\n\r\n`,
}

describe('a malformed request is answered with 400 and ends only its own connection', { concurrency }, () => {
  for (const [what, bytes] of Object.entries(malformed)) {
    test(what, async () => {
      for (const [server, statuses] of Object.entries(await attackEach(what, bytes))) {
        assert.deepEqual(statuses, [400], server)
      }
    })
  }
})

describe('what is too much is refused by what it is', () => {
  for (const [what, bytes, expected] of [
    ['a path of 100 kB', request(`GET /${'a'.repeat(100_000)} HTTP/1.1`), [414, 431]],
    ['a header of 100 kB', request('GET /health HTTP/1.1', `Accept: ${'a'.repeat(100_000)}`), [431]],
    ['5,000 headers', request('GET /health HTTP/1.1', ...Array.from({ length: 5000 }, (_, n) => `x-${n}: 1`)), [431]],
    [
      'a chunk extension of 100 kB',
      `${post('Transfer-Encoding: chunked')}2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`,
      [400, 413],
    ],
    ['an expectation', request('GET /health HTTP/1.1', 'Expect: miracles'), [417]],
  ] as const) {
    test(what, async () => {
      for (const [server, [status]] of Object.entries(await attackEach(what, bytes))) {
        assert.ok((expected as readonly number[]).includes(status!), `${server} answered ${status}`)
      }
    })
  }
})

describe('what is unusual and allowed works', () => {
  test('a request in single bytes', async () => {
    const { statuses } = await exchange(servers.gateway, [...request('GET /api/products HTTP/1.1')])
    assert.deepEqual(statuses, [200])
  })

  test('empty lines before the request', async () => {
    const answers = await attackEach('empty lines', `\r\n\r\n${request('GET /health HTTP/1.1')}`)
    for (const [server, statuses] of Object.entries(answers)) assert.deepEqual(statuses, [200], server)
  })

  test('a hundred requests in one packet, each answered in order', async () => {
    const paths = Array.from({ length: 100 }, (_, n) => (n % 2 ? '/health' : '/nothing'))
    for (const url of [servers.gateway, servers.order]) {
      const bytes = paths.map((path) => request(`GET ${path} HTTP/1.1`)).join('')
      const { statuses } = await exchange(url, bytes, paths.length)
      assert.deepEqual(
        statuses,
        paths.map((path) => (path === '/health' ? 200 : 404)),
      )
    }
  })

  test('HTTP/1.0, which has no Host to give', async () => {
    assert.deepEqual(
      (await exchange(servers.gateway, 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n')).statuses,
      [200],
    )
  })

  test('upgrades that nobody offers are ignored', async () => {
    for (const protocol of ['websocket', 'h2c', 'TLS/1.3']) {
      const headers = [
        `Upgrade: ${protocol}`,
        'Connection: Upgrade',
        'Sec-WebSocket-Key: x',
        'HTTP2-Settings: AAMAAABk',
      ]
      for (const [server, statuses] of Object.entries(
        await attackEach(protocol, request('GET /health HTTP/1.1', ...headers)),
      )) {
        assert.deepEqual(statuses, [200], server)
      }
    }
  })

  test('a tunnel is refused', async () => {
    for (const [server, [status]] of Object.entries(
      await attackEach('CONNECT', request('CONNECT order:8083 HTTP/1.1')),
    )) {
      assert.ok(status! >= 400 && status! < 500, `${server} answered ${status}`)
    }
  })
})

describe('nothing is smuggled past the gateway', async () => {
  const { id: product } = await stockProduct(10)
  const reservation = JSON.stringify({ productId: product, quantity: 1 })
  const jsonType = 'Content-Type: application/json'

  /** A reservation that only services may make, behind a request that anybody may. */
  const attacks: Record<string, (hidden: string) => string> = {
    'by a length and chunks': (hidden) =>
      check(`0\r\n\r\n${hidden}`, `Content-Length: ${hidden.length + 5}`, 'Transfer-Encoding: chunked'),
    'by an encoding with a tab': (hidden) => check(`0\r\n\r\n${hidden}`, 'Transfer-Encoding:\tchunked'),
    'by an encoding that only one side knows': (hidden) => check(`0\r\n\r\n${hidden}`, 'Transfer-Encoding: x, chunked'),
    'by a length that Connection takes away': (hidden) =>
      check(hidden, 'Connection: content-length', `Content-Length: ${hidden.length}`),
    'by a length of nothing': (hidden) => check(hidden, 'Content-Length: 0'),
    'in a body of GET': (hidden) => request('GET /api/products HTTP/1.1', `Content-Length: ${hidden.length}`) + hidden,
    'by a line break in the path': (hidden) =>
      request(`GET /api/products/x%20HTTP/1.1%0d%0a%0d%0a${encodeURIComponent(hidden)} HTTP/1.1`),
    'by a line break in the query': (hidden) =>
      request(`GET /api/products?after=x%20HTTP/1.1%0d%0a%0d%0a${encodeURIComponent(hidden)} HTTP/1.1`),
  }
  const check = (body: string, ...headers: string[]) =>
    request('POST /api/inventory/check HTTP/1.1', jsonType, ...headers) + body

  for (const [what, attack] of Object.entries(attacks)) {
    test(what, async () => {
      for (const [server, url] of Object.entries({ gateway: servers.gateway, frontend: servers.frontend })) {
        const path = `/reservations/${randomUUID()}`
        const hidden = request(`PUT ${path} HTTP/1.1`, jsonType, `Content-Length: ${reservation.length}`) + reservation
        assertExplained(await exchange(url, attack(hidden)), `${server}, ${what}`)
        const own = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: reservation }
        assert.equal((await fetch(servers.inventory + path, own)).status, 201, '200 says that it was made before')
        assert.equal((await fetch(servers.inventory + path, { method: 'DELETE' })).status, 204)
      }
    })
  }
})
