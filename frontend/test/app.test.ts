import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createApp } from '@hello/service-kit/app'
import { listen } from '@hello/service-kit/testing/http-server'
import { buildApp } from '../server/app.ts'
import { passedRoutes } from '../server/passed-routes.ts'

const script = 'console.log("shop")'
let bundle: URL

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  bundle = pathToFileURL(`${folder}/`)
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Shop</title>')
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(folder, 'assets', 'index-abc.js'), script)
  await writeFile(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(script))
  await writeFile(join(folder, 'assets', 'index-abc.js.gz'), gzipSync(script))
})

after(() => rm(bundle, { recursive: true }))

const startUpstream = async (listener: RequestListener) => (await listen(createServer(listener))).url

/** A port where nobody listens. */
const nowhere = 'http://127.0.0.1:1'
const settings = {
  GATEWAY_SERVICE_URL: nowhere,
  LOG_LEVEL: 'silent',
  ALLOWED_HOSTS: 'localhost,127.0.0.1',
  TRUSTED_PROXIES: '',
  ALERT_SILENCES: false,
  FAULTS_PAGE: false,
} as const

async function frontend(t: TestContext, config: Partial<Parameters<typeof buildApp>[0]> = {}) {
  const app = await buildApp({ ...settings, ...config }, bundle)
  t.after(() => app.close())
  return app
}

async function textOf(request: IncomingMessage): Promise<string> {
  return (await request.toArray()).join('')
}

test('serves hashed files for ever, compressed as the browser likes', async (t) => {
  const app = await frontend(t)
  for (const [accepted, sent] of [
    ['br, gzip', brotliCompressSync(script)],
    ['gzip', gzipSync(script)],
    ['identity', Buffer.from(script)],
  ] as const) {
    const answer = await app.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': accepted } })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.match(String(answer.headers['content-type']), /javascript/)
    assert.deepEqual(answer.rawPayload, sent)
  }
})

test('serves the page fresh, at every address a person opens', async (t) => {
  const app = await frontend(t)
  for (const url of ['/', '/signals', '/signals/traces/42', '/orders/42']) {
    const answer = await app.inject({ url, headers: { accept: 'text/html,*/*' } })
    assert.equal(answer.statusCode, 200, url)
    assert.match(answer.body, /<title>Shop/)
    assert.equal(answer.headers['cache-control'], 'no-cache')
  }
})

test('answers 404 for a file that is gone, not the page', async (t) => {
  const app = await frontend(t)
  const answer = await app.inject({ url: '/assets/index-old.js', headers: { accept: '*/*' } })
  assert.equal(answer.statusCode, 404)
  assert.match(String(answer.headers['content-type']), /problem\+json/)
})

test('refuses of a file what its headers rule out, and what is no file', async (t) => {
  const app = await frontend(t)
  const file = '/assets/index-abc.js'
  for (const [url, headers, status] of [
    [file, { range: 'bytes=99999999-' }, 416],
    [file, { 'if-match': '"another"' }, 412],
    ['/', { range: 'bytes=99999999-' }, 416],
    ['/icon.svg', { 'if-match': '"another"', 'accept-encoding': 'br' }, 412],
    ['/assets/../../package.json', {}, 404],
    ['/a%00b', {}, 404],
    ['/assets/%2e%2e/server/app.ts', {}, 404],
  ] as const) {
    const answer = await app.inject({ url, headers })
    assert.equal(answer.statusCode, status, url)
    assert.match(String(answer.headers['content-type']), /problem\+json/)
    if (status === 416) assert.match(String(answer.headers['content-range']), /^bytes \*\/\d+$/)
  }
  assert.equal((await app.inject({ url: file, headers: { range: 'bytes=0-3' } })).body, script.slice(0, 4))
})

test('lets the page load only what this server serves', async (t) => {
  const app = await frontend(t)
  const { headers } = await app.inject({ url: '/', headers: { accept: 'text/html' } })
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe|\*|data:/)
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'no-referrer')
})

test('refuses to start without a bundle and says how to build it', async () => {
  await assert.rejects(buildApp(settings, new URL('nothing/', bundle)), /npm run build -w frontend/)
})

test('tells the browser what this installation has', async (t) => {
  const bare = await frontend(t)
  assert.deepEqual((await bare.inject('/config.json')).json(), {
    tracing: false,
    signals: false,
    alerts: false,
    silences: false,
    faults: false,
    jaegerUrl: null,
    grafanaUrl: null,
  })
  const full = await frontend(t, {
    OTLP_HTTP_ENDPOINT: nowhere,
    SIGNALS_URL: nowhere,
    ALERTMANAGER_URL: nowhere,
    ALERT_SILENCES: true,
    JAEGER_URL: 'http://localhost:16686',
    GRAFANA_URL: 'http://localhost:3000',
  })
  assert.deepEqual((await full.inject('/config.json')).json(), {
    tracing: true,
    signals: true,
    alerts: true,
    silences: true,
    faults: false,
    jaegerUrl: 'http://localhost:16686',
    grafanaUrl: 'http://localhost:3000',
  })
})

test('is up', async (t) => {
  const app = await frontend(t)
  assert.deepEqual((await app.inject('/health')).json(), { status: 'UP' })
})

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
