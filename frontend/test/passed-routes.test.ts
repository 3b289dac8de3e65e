import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { createApp } from '@hello/service-kit/app'
import { listen } from '@hello/service-kit/testing/http-server'
import { passedRoutes } from '../server/passed-routes.ts'
import { frontend } from './frontend-server.ts'

const startUpstream = async (listener: RequestListener) => (await listen(createServer(listener))).url

async function textOf(request: IncomingMessage): Promise<string> {
  return (await request.toArray()).join('')
}

test('passes the API on as it comes, both ways', async (t) => {
  let seen: IncomingMessage | undefined
  let body = ''
  const gateway = await startUpstream(async (request, response) => {
    seen = request
    body = await textOf(request)
    response.writeHead(201, { location: '/api/orders/1', 'content-type': 'application/json', 'x-custom': 'kept' })
    response.end('{"id":"1"}')
  })
  const app = await frontend(t, { GATEWAY_SERVICE_URL: gateway })
  const answer = await app.inject({
    method: 'POST',
    url: '/api/orders?dry=1',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      connection: 'keep-alive, x-hop',
      'x-hop': 'secret',
      'proxy-authorization': 'secret',
    },
    body: '{"productId":"product1", "quantity":1}',
  })
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers.location, '/api/orders/1')
  assert.equal(answer.headers['x-custom'], 'kept')
  assert.equal(answer.body, '{"id":"1"}')
  assert.equal(seen?.method, 'POST')
  assert.equal(seen.url, '/api/orders?dry=1')
  assert.equal(body, '{"productId":"product1", "quantity":1}')
  assert.equal(seen.headers['idempotency-key'], 'key-1')
  assert.equal(seen.headers['x-hop'], undefined)
  assert.equal(seen.headers['proxy-authorization'], undefined)
  assert.equal(seen.headers['x-request-id'], answer.headers['x-request-id'])
  assert.equal(seen.rawHeaders.filter((name) => name.toLowerCase() === 'traceparent').length, 1)
})

test('passes on an answer while it is still being written', async (t) => {
  let finish = () => {}
  const gateway = await startUpstream((_request, response) => {
    response.write('first')
    finish = () => response.end('last')
  })
  const app = await frontend(t, { GATEWAY_SERVICE_URL: gateway })
  const answer = await fetch(`${await app.listen({ port: 0 })}/api/products`)
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  assert.equal((await reader.read()).value, 'first')
  finish()
  assert.equal((await reader.read()).value, 'last')
})

test('keeps the problems that the gateway answers', async (t) => {
  const gateway = await startUpstream((_request, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json' }).end('{"status":409,"currentStock":3}')
  })
  const app = await frontend(t, { GATEWAY_SERVICE_URL: gateway })
  const answer = await app.inject({ method: 'POST', url: '/api/orders', payload: {} })
  assert.equal(answer.statusCode, 409)
  assert.equal(answer.json().currentStock, 3)
})

test('answers 503 while the gateway is away, and never shows its address', async (t) => {
  const app = await frontend(t)
  const answer = await app.inject('/api/products')
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '1')
  assert.match(String(answer.headers['content-type']), /problem\+json/)
  assert.doesNotMatch(answer.body, /127\.0\.0\.1/)
})

test('answers 502 when the gateway breaks off', async (t) => {
  const gateway = await startUpstream((request) => request.socket.destroy())
  const app = await frontend(t, { GATEWAY_SERVICE_URL: gateway })
  const answer = await app.inject({ method: 'POST', url: '/api/orders', payload: {} })
  assert.equal(answer.statusCode, 502)
})

test('answers 504 when the gateway takes too long', async (t) => {
  const gateway = await startUpstream(() => {})
  const app = await createApp({ name: 'frontend', logLevel: 'silent' })
  t.after(() => app.close())
  await app.register(passedRoutes, { name: 'gateway', url: gateway, route: '/api/*', timeout: 50 })
  assert.equal((await app.inject('/api/products')).statusCode, 504)
})

test('passes the signals on where they are', async (t) => {
  const seen: string[] = []
  const receiver = await startUpstream(async (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${await textOf(request)}`)
    response.end('{}')
  })
  const app = await frontend(t, { SIGNALS_URL: receiver })
  assert.equal((await app.inject('/signals/api/traces?limit=1')).statusCode, 200)
  assert.deepEqual(seen, ['GET /signals/api/traces?limit=1 undefined '])

  const bare = await frontend(t)
  assert.equal((await bare.inject('/signals/api/traces')).statusCode, 404)
})
