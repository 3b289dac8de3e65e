import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'
import { exchange, request } from './raw-connection.ts'
import { anHonestClientSeesNothing, attackEach, management, servers } from './shop-under-attack.ts'

const { call } = shopClient(gateway)

anHonestClientSeesNothing()

describe('no header leads to a 5xx', { concurrency: 4 }, () => {
  const trace = '0af7651916cd43dd8448eb211c80319c'
  for (const header of [
    'Accept: */*;q=nonsense',
    'Accept: text/html, application/json;q=1e999',
    'Accept-Encoding: identity;q=0',
    'Accept-Encoding: *;q=0',
    'Accept-Encoding: br;q=1, gzip;q=0.999999999999999999',
    'Accept-Language: *-*-*',
    'Range: bytes=99999999-',
    'Range: bytes=-0',
    'Range: bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7',
    'Range: bytes=9-1',
    'Range: lines=1-',
    'If-Match: *',
    'If-Match: "nothing"',
    'If-None-Match: *',
    'If-None-Match: W/"',
    'If-Modified-Since: yesterday',
    'If-Modified-Since: Sat, 31 Feb 9999 99:99:99 GMT',
    'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT',
    'If-Range: "x"',
    'Content-Type: application/json',
    'Content-Encoding: gzip',
    'Content-Length: 0',
    'Cookie: =;=;;=',
    'Authorization: Basic \u00ff\u00ff',
    'Origin: null',
    'Origin: https://attacker.example',
    'Access-Control-Request-Method: STEAL',
    'Access-Control-Request-Headers: \t,,,',
    'Referer: javascript:alert(1)',
    'Connection: close, host, x-request-id, content-type',
    'Connection: ,,,',
    'Keep-Alive: timeout=-1, max=0',
    'TE: trailers, gzip;q=x',
    'Trailer: host',
    'Upgrade-Insecure-Requests: 99',
    `X-Forwarded-For: ${'1.1.1.1, '.repeat(500)}`,
    'X-Forwarded-For: not-an-address',
    'X-Forwarded-Host: attacker.example',
    'X-Forwarded-Proto: javascript',
    'Forwarded: for="[::1]";proto=gopher',
    'X-HTTP-Method-Override: DELETE',
    'X-Original-URL: /reservations/1',
    'X-Request-Id: {"level":"fatal"}',
    'X-Request-Id: \u001b[31mred',
    `X-Request-Id: ${'a'.repeat(8000)}`,
    'X-Request-Deadline: 1',
    'X-Request-Deadline: 1e999',
    'X-Request-Deadline: -1',
    'Idempotency-Key: \u00e4',
    `Idempotency-Key: ${'k'.repeat(8000)}`,
    `traceparent: 00-${trace}-b7ad6b7169203331-01`,
    `traceparent: ff-${trace}-b7ad6b7169203331-01`,
    `traceparent: 00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
    `traceparent: 00-${trace.toUpperCase()}-b7ad6b7169203331-01`,
    'traceparent: nonsense',
    `traceparent: 00-${'a'.repeat(8000)}-01`,
    `tracestate: ${'a=b,'.repeat(1000)}`,
    `baggage: ${'k=v,'.repeat(2000)}`,
    `User-Agent: ${'\u00ff'.repeat(4000)}`,
  ]) {
    test(header.slice(0, 60), async () => {
      const bytes = (path: string) => Buffer.from(request(`GET ${path} HTTP/1.1`, header), 'latin1')
      for (const path of ['/health', '/', '/index.html', '/docs/static/index.html', '/api/products', '/orders']) {
        await attackEach(`${path} with ${header.slice(0, 60)}`, bytes(path))
      }
    })
  }
})

test('a deadline of the past, 150 times on one connection, costs nobody anything', async () => {
  for (const deadline of ['1', String(Date.now() + 5)]) {
    for (const url of [servers.gateway, servers.frontend]) {
      const bytes = request('GET /api/products HTTP/1.1', `X-Request-Deadline: ${deadline}`).repeat(150)
      const { statuses } = await exchange(url, bytes, 150)
      assert.deepEqual(statuses, Array(150).fill(200))
    }
  }
})

test('a caller who leaves the order service no time gets told so, and nobody else notices', async () => {
  const body = JSON.stringify({ productId: 'product1', quantity: 1 })
  const attempt = async (left: number) => {
    const response = await fetch(`${servers.order}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-deadline': String(Date.now() + left) },
      body,
    })
    await response.arrayBuffer()
    return response.status
  }
  const statuses = await Promise.all(Array.from({ length: 150 }, (_, n) => attempt(95 + (n % 30))))
  for (const status of statuses) assert.ok([201, 202, 408, 409].includes(status), String(status))
  assert.equal((await call('GET', '/api/products')).status, 200)
})

test('invented methods, request ids and trace ids leave no series behind', async () => {
  // Without those of the runtime: it adds a series when it first collects garbage of a kind or first opens a file.
  const series = async () => {
    const texts = await Promise.all(
      Object.entries(management).map(async ([name, url]) =>
        (await (await fetch(`${url}/metrics`)).text())
          .split('\n')
          .filter((line) => /^(?!nodejs_|process_)\w+(\{| )/.test(line) && !/_bucket\{/.test(line))
          .map((line) => `${name} ${line.replace(/ \S+( # .*)?$/, '')}`),
      ),
    )
    return new Set(texts.flat())
  }
  const strange = async (round: number) => {
    for (const method of [
      'PURGE',
      'LOCK',
      'SEARCH',
      'MKCOL',
      'PROPFIND',
      'REPORT',
      'BIND',
      'NOTIFY',
      'QUERY',
      'LINK',
    ]) {
      const path = `/${method}-${round}?x=${round}`
      await attackEach(
        method,
        request(`${method} ${path} HTTP/1.1`, `X-Request-Id: ${method}-${round}`, 'Content-Length: 0'),
      )
    }
  }
  await strange(0)
  const before = await series()
  for (let round = 1; round <= 3; round++) await strange(round)
  const added = [...(await series())].filter((name) => !before.has(name))
  assert.ok(added.length < 10, added.join('\n'))
})

for (const server of Object.keys(servers) as (keyof typeof servers)[]) {
  test(`${server} answers no page that gave its own name this machine’s address`, async () => {
    for (const path of ['/', '/health', '/api/orders', '/orders', '/config.json', '/signals/api/logs', '/docs/json']) {
      const { statuses, text } = await exchange(
        servers[server],
        request(`GET ${path} HTTP/1.1`, 'Host: attacker.example'),
      )
      assert.deepEqual(statuses, [421], `${path}: ${text.slice(0, 300)}`)
    }
    const { statuses } = await exchange(
      management[server]!,
      request('GET /metrics HTTP/1.1', 'Host: attacker.example:80'),
    )
    assert.deepEqual(statuses, [421])
  })
}
