import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { json, startServer, startTcpServer, unusedUrl } from '@hello/service-kit/testing/http-server'
import { type RawOptions, raw, startGateway, startGatewayWithUpstreams } from '../gateway.ts'

const jsonType = { 'content-type': 'application/json' }
const mebibyte = 1024 * 1024

/** Asks, and checks that the gateway answers with problem details that show nothing of what is behind it. */
async function assertProblem(url: string, path: string, options: RawOptions, status: number) {
  const answer = await raw(url, path, options)
  assert.equal(answer.status, status, answer.body)
  assert.match(answer.headers['content-type']!, /^application\/problem\+json/)
  assert.ok(answer.headers['x-request-id'])
  const problem = JSON.parse(answer.body)
  assert.equal(problem.status, status)
  assert.match(problem.type, /^tag:hello-observability\.example,2026:problem:[a-z-]+$/)
  for (const member of ['title', 'detail', 'error']) assert.equal(typeof problem[member], 'string', member)
  assert.doesNotMatch(answer.body + JSON.stringify(answer.headers), /127\.0\.0\.1|localhost:(?!3001)|\bECONN|\bat /)
  return { ...answer, problem }
}

describe('its own answers', async () => {
  const { url, upstreams } = await startGatewayWithUpstreams()

  test('404 for what it does not know', async () => {
    for (const path of ['/', '/api', '/api/', '/api/nothing', '/api/products/a/b', '/products', '/api/productsX']) {
      await assertProblem(url, path, {}, 404)
    }
  })

  test('405 with Allow for a method that a path does not take', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/api/products', 'GET, HEAD, OPTIONS, POST'],
      ['PUT', '/api/products/product1', 'GET, HEAD, OPTIONS'],
      ['POST', '/api/inventory', 'GET, HEAD, OPTIONS'],
      ['PATCH', '/api/inventory/product1', 'GET, HEAD, OPTIONS, PUT'],
      ['DELETE', '/api/inventory/check', 'OPTIONS, POST'],
      ['GET', '/api/inventory/check', 'OPTIONS, POST'],
      ['PUT', '/api/inventory/che%63k', 'OPTIONS, POST'],
      ['PUT', '/api/orders', 'GET, HEAD, OPTIONS, POST'],
      ['TRACE', '/api/orders', 'GET, HEAD, OPTIONS, POST'],
    ] as const) {
      const { headers } = await assertProblem(url, path, { method, headers: { 'content-length': '0' } }, 405)
      assert.equal(headers.allow, allow)
    }
  })

  test('400 for an id that no service has handed out', async () => {
    for (const id of ['a%20b', 'a.b', '%00', 'x'.repeat(65), 'x'.repeat(10_000), '한국']) {
      await assertProblem(url, `/api/products/${encodeURI(decodeURIComponent(id))}`, {}, 400)
    }
    await assertProblem(url, '/api/products/%zz', {}, 400)
  })

  test('413 for a body over 1 MiB, whether its length is told or not, and nothing of it is acted upon', async () => {
    upstreams.order.seen.length = 0
    const piece = 'x'.repeat(mebibyte / 4)
    const post = { method: 'POST', headers: jsonType }
    const told = { ...post, headers: { ...jsonType, 'content-length': String(mebibyte + 1) } }
    await assertProblem(url, '/api/orders', { ...told, body: [...Array(4).fill(piece), 'x'] }, 413)
    await assertProblem(url, '/api/orders', { ...post, body: [...Array(4).fill(piece), 'x'] }, 413)
    await assertProblem(url, '/api/orders', { ...post, body: Array(8).fill(piece) }, 413)
    assert.equal(upstreams.order.seen.length, 0)
    const most = await raw(url, '/api/orders', { ...post, body: Array(4).fill(piece) })
    assert.equal(most.status, 200)
    assert.equal(upstreams.order.seen[0]!.body.length, mebibyte)
  })

  test('415 for a body that is not announced as JSON', async () => {
    upstreams.order.seen.length = 0
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense', undefined]) {
      const headers: Record<string, string> = type ? { 'content-type': type } : {}
      await assertProblem(url, '/api/orders', { method: 'POST', headers, body: ['{}'] }, 415)
    }
    assert.equal(upstreams.order.seen.length, 0)
    const charset = { 'content-type': 'application/json; charset=utf-8' }
    assert.equal((await raw(url, '/api/orders', { method: 'POST', headers: charset, body: ['{}'] })).status, 200)
  })

  test('502 when the upstream breaks the connection instead of answering', async () => {
    upstreams.order.answer = (_, response) => response.destroy()
    const { problem } = await assertProblem(
      url,
      '/api/orders',
      { method: 'POST', headers: jsonType, body: ['{}'] },
      502,
    )
    assert.match(problem.detail, /may have done what was asked/)
    await assertProblem(url, '/api/orders/1', {}, 502)
  })

  test('502 when the upstream answers nonsense', async () => {
    const { url: nonsense } = await startTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    })
    const gateway = await startGateway({ PRODUCT_SERVICE_URL: nonsense })
    await assertProblem(gateway.url, '/api/products', {}, 502)
  })

  test('503 with Retry-After when nobody is there, and while the breaker is open', async () => {
    const server = await startServer((_, response) => json(response, 200, {}))
    const { port } = new URL(server.url)
    const gateway = await startGateway({ ORDER_SERVICE_URL: server.url })
    assert.equal((await raw(gateway.url, '/api/orders')).status, 200)
    await server.close()
    const order = { method: 'POST', headers: jsonType, body: ['{}'] }
    for (let call = 0; call < 12; call++) {
      const { headers } = await assertProblem(gateway.url, '/api/orders', order, 503)
      assert.equal(headers['retry-after'], '1')
    }
    const back = await startServer((_, response) => json(response, 200, {}), Number(port))
    await assertProblem(gateway.url, '/api/orders', order, 503)
    assert.equal(back.seen.length, 0, 'the breaker is open')
    await delay(1050)
    assert.equal((await raw(gateway.url, '/api/orders', order)).status, 200)
  })

  test('504 when nothing is answered in time', async () => {
    upstreams.inventory.answer = () => {}
    await assertProblem(
      url,
      '/api/inventory/product1',
      { method: 'PUT', headers: { ...jsonType, 'if-match': '"1"' }, body: ['{}'] },
      504,
    )
  })

  test('nothing to a stranger’s deadline, which opens no breaker', async () => {
    const gateway = await startGatewayWithUpstreams()
    for (const given of ['1', String(Date.now() + 5), '0', '-1', '9'.repeat(30)]) {
      const headers = { 'x-request-deadline': given }
      const statuses = Array.from(
        { length: 50 },
        async () => (await raw(gateway.url, '/api/products', { headers })).status,
      )
      assert.deepEqual(new Set(await Promise.all(statuses)), new Set([200]))
    }
    const { register } = gateway.app.metrics.client
    assert.match(await register.metrics(), /breaker_state\{server_address="product",state="closed"\} 1/)
  })

  test('431 itself to headers that an upstream would refuse once they are passed on', async () => {
    const gateway = await startGatewayWithUpstreams()
    const statuses = new Set<number>()
    for (let length = 14_000; length <= 16_500; length += 50) {
      const { status, headers } = await raw(gateway.url, '/api/products', { headers: { accept: 'a'.repeat(length) } })
      statuses.add(status)
      if (status === 431) assert.match(String(headers['content-type']), /problem\+json/, 'not the upstream’s answer')
    }
    assert.deepEqual(statuses, new Set([200, 431]))
    assert.equal((await raw(gateway.url, '/api/products')).status, 200)
  })

  test('408 when a body stops coming, and that does not count against the upstream', async () => {
    upstreams.product.seen.length = 0
    for (const headers of [{ 'content-length': '100' }, { 'content-length': '100000' }]) {
      await assertProblem(
        url,
        '/api/products',
        { method: 'POST', headers: { ...jsonType, ...headers }, body: ['{'] },
        408,
      )
    }
    assert.equal((await raw(url, '/api/products')).status, 200)
    assert.deepEqual(
      upstreams.product.seen.map(({ method }) => method),
      ['GET'],
    )
  })

  test('429 with Retry-After beyond so many requests a second of one address, on every route', async () => {
    const gateway = await startGateway({ RATE_LIMIT_PER_SECOND: 5, PRODUCT_SERVICE_URL: await unusedUrl() })
    const paths = ['/api/nothing', '/health', '/docs/static/index.html', '/api/products/%20', '/nothing']
    for (const path of paths) assert.notEqual((await raw(gateway.url, path)).status, 429)
    const { headers } = await assertProblem(gateway.url, '/api/products', {}, 429)
    assert.equal(headers['retry-after'], '1')
    await delay(1050)
    assert.equal((await raw(gateway.url, '/health')).status, 200)
  })

  test('429 counts by X-Forwarded-For where the peer is a proxy that is trusted, and only there', async () => {
    for (const [trusted, expected] of [
      ['127.0.0.1', [200, 200, 200, 429]],
      ['', [200, 200, 429, 429]],
    ] as const) {
      const gateway = await startGateway({ RATE_LIMIT_PER_SECOND: 2, TRUSTED_PROXIES: trusted })
      const statuses = []
      for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.1']) {
        statuses.push((await raw(gateway.url, '/health', { headers: { 'x-forwarded-for': client } })).status)
      }
      assert.deepEqual(statuses, expected)
    }
  })
})

describe('asks an upstream again', () => {
  const cutOnce = async () => {
    const gateway = await startGatewayWithUpstreams()
    for (const [name, upstream] of Object.entries(gateway.upstreams)) {
      upstream.answer = (seen, response) => {
        if (upstream.seen.length === 1) response.destroy()
        else json(response, 200, { name, body: seen.body })
      }
    }
    return gateway
  }
  for (const [method, path, headers, asked, why] of [
    ['GET', '/api/products', {}, 2, 'GET is safe'],
    ['HEAD', '/api/orders', {}, 2, 'HEAD is safe'],
    ['POST', '/api/products', {}, 1, 'there would be two products'],
    ['POST', '/api/products', { 'idempotency-key': 'k' }, 1, 'product takes no key'],
    ['POST', '/api/inventory/check', {}, 2, 'it only asks'],
    ['PUT', '/api/inventory/product1', {}, 2, 'PUT is idempotent'],
    ['PUT', '/api/inventory/product1', { 'if-match': '"1"' }, 1, 'its own first time would fail the condition'],
    ['PUT', '/api/inventory/product1', { 'if-none-match': '*' }, 1, 'its own first time would fail the condition'],
    ['POST', '/api/orders', {}, 1, 'there would be two orders'],
    ['POST', '/api/orders', { 'idempotency-key': 'k' }, 2, 'the key makes one order'],
  ] as const) {
    const key = Object.keys(headers).map((name) => ` with ${name}`)
    test(`${method} ${path}${key}: ${asked === 2 ? 'yes' : 'no'}, ${why}`, async () => {
      const { url, upstreams } = await cutOnce()
      const hasBody = method === 'POST' || method === 'PUT'
      const answer = await raw(url, path, {
        method,
        headers: { ...headers, ...(hasBody && jsonType) },
        body: hasBody ? ['{"quantity"', ':1}'] : [],
      })
      assert.equal(answer.status, asked === 2 ? 200 : 502)
      const seen = Object.values(upstreams).flatMap((upstream) => upstream.seen)
      assert.equal(seen.length, asked)
      for (const { body } of seen) assert.equal(body, hasBody ? '{"quantity":1}' : '')
    })
  }
})
