import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { describe, test } from 'node:test'
import { json, listen } from '@hello/service-kit/testing/http-server'
import { raw, startGateway, startGatewayWithUpstreams } from '../gateway.ts'

const { url, upstreams } = await startGatewayWithUpstreams()
const jsonType = { 'content-type': 'application/json' }

describe('passes on', () => {
  for (const [method, path, upstream, upstreamPath] of [
    ['GET', '/api/products', 'product', '/products'],
    ['GET', '/api/products?limit=2&after=Mg&x=%2F%20', 'product', '/products?limit=2&after=Mg&x=%2F%20'],
    ['POST', '/api/products', 'product', '/products'],
    ['GET', '/api/products/product1', 'product', '/products/product1'],
    ['GET', '/api/inventory', 'inventory', '/inventory'],
    ['GET', '/api/inventory/product1', 'inventory', '/inventory/product1'],
    ['PUT', '/api/inventory/product1', 'inventory', '/inventory/product1'],
    ['POST', '/api/inventory/check', 'inventory', '/inventory/check'],
    ['GET', '/api/orders', 'order', '/orders'],
    ['POST', '/api/orders', 'order', '/orders'],
    [
      'GET',
      '/api/orders/0199c0de-0000-7000-8000-000000000001?a=b',
      'order',
      '/orders/0199c0de-0000-7000-8000-000000000001?a=b',
    ],
    ['GET', '/api/products/%70roduct1', 'product', '/products/product1'],
  ] as const) {
    test(`${method} ${path} to ${upstream}`, async () => {
      const body = method === 'GET' ? '' : '{"some": "JSON",  "as it is": 1e2}'
      const answer = await fetch(url + path, { method, ...(body && { body, headers: jsonType }) })
      assert.equal(answer.status, 200)
      assert.deepEqual(await answer.json(), { upstream, method, path: upstreamPath, body })
    })
  }

  test('HEAD wherever GET is, with the headers of the answer', async () => {
    for (const path of ['/api/products', '/api/inventory/product1', '/api/orders']) {
      const answer = await raw(url, path, { method: 'HEAD' })
      const got = await raw(url, path)
      assert.deepEqual([answer.status, answer.body], [200, ''])
      assert.equal(Number(answer.headers['content-length']), got.body.length + 'HEAD'.length - 'GET'.length)
    }
  })

  for (const status of [201, 202, 400, 404, 409, 412, 422, 500, 503]) {
    test(`an answer of ${status} with its body and type`, async () => {
      upstreams.order.answer = (_, response) =>
        json(response, status, { detail: 'Ä 한국어' }, { 'content-type': 'application/problem+json; charset=utf-8' })
      const answer = await fetch(`${url}/api/orders`, { method: 'POST', body: '{}', headers: jsonType })
      assert.equal(answer.status, status)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.deepEqual(await answer.json(), { detail: 'Ä 한국어' })
    })
  }

  test('bytes that are not text', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a])
    upstreams.product.answer = (_, response) => response.setHeader('content-length', bytes.length).end(bytes)
    const answer = await fetch(`${url}/api/products/image`)
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes)
  })

  test('204 and 304 without a body', async () => {
    for (const status of [204, 304]) {
      upstreams.product.answer = (_, response) => response.writeHead(status, { etag: '"1"' }).end()
      const answer = await raw(url, '/api/products/product1')
      assert.deepEqual([answer.status, answer.body, answer.headers.etag], [status, '', '"1"'])
    }
  })

  test('the body of a request while it is still coming', async () => {
    const firstPiece = Promise.withResolvers<string>()
    const upstream = createServer((incoming, response) => {
      incoming.once('data', (chunk) => firstPiece.resolve(String(chunk)))
      incoming.on('end', () => json(response, 201, {}))
    })
    const gateway = await startGateway({ PRODUCT_SERVICE_URL: (await listen(upstream)).url })
    const sent = request(`${gateway.url}/api/products`, { method: 'POST', headers: jsonType })
    sent.write('{"name":')
    assert.equal(await firstPiece.promise, '{"name":')
    sent.end('"A"}')
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    assert.equal(answer.statusCode, 201)
    answer.resume()
  })

  test('the body of an answer while it is still coming', async () => {
    let finish = () => {}
    upstreams.product.answer = (_, response) => {
      response.write('first,')
      finish = () => response.end('second')
    }
    const answer = await fetch(`${url}/api/products`)
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    assert.equal((await reader.read()).value, 'first,')
    finish()
    assert.equal((await reader.read()).value, 'second')
  })

  test('an answer that breaks off as one that breaks off', async () => {
    upstreams.product.answer = (_, response) => {
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    }
    const answer = await fetch(`${url}/api/products`)
    await assert.rejects(answer.text())
  })
})

describe('never reaches /reservations', () => {
  for (const path of [
    '/reservations/1',
    '/api/reservations/1',
    '/api//reservations/1',
    '/api/../reservations/1',
    '/api/inventory/../reservations/1',
    '/api/inventory/..%2freservations%2f1',
    '/api/inventory/..%2Freservations',
    '/api/inventory/%2e%2e/reservations/1',
    '/api/inventory/%2e%2e%2freservations%2f1',
    '/api/inventory/%252e%252e%252freservations%252f1',
    '/api/inventory/..;/reservations/1',
    '/api/inventory/..\\reservations\\1',
    '/api/inventory/..%5creservations%5c1',
    '/api/products/..%2f..%2freservations',
    '/api/inventory/check/../../reservations/1',
    '/api/inventory/..',
    '/api/inventory/.',
    '/api/inventory/%00',
    'http://inventory/reservations/1',
    'http://inventory/api/inventory/..%2freservations%2f1',
  ]) {
    test(path, async () => {
      for (const { seen } of Object.values(upstreams)) seen.length = 0
      for (const [method, expected] of [
        ['GET', [400, 404]],
        ['PUT', [400, 404, 405]],
        ['DELETE', [400, 404, 405]],
      ] as const) {
        const body = method === 'PUT' ? ['{}'] : []
        const answer = await raw(url, path, { method, headers: method === 'PUT' ? jsonType : {}, body })
        assert.ok(expected.includes(answer.status as never), `${method} gives ${answer.status}`)
        assert.match(answer.headers['content-type']!, /^application\/problem\+json/)
      }
      const reached = Object.values(upstreams).flatMap(({ seen }) => seen)
      assert.deepEqual(reached, [])
    })
  }
})
