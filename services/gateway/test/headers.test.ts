import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startService } from '@hello/service-kit/testing/child-service'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { raw, startGatewayWithUpstreams } from './gateway.ts'

const { url, upstreams } = await startGatewayWithUpstreams()
const { order, product } = upstreams
const seenLast = () => order.seen.at(-1)!.headers

describe('request headers', () => {
  test('that belong to the connection stay, those that Connection names included', async () => {
    await raw(url, '/api/orders', {
      headers: {
        connection: 'close, X-Secret , x-other',
        'x-secret': '1',
        'x-other': '2',
        'keep-alive': 'timeout=5',
        'proxy-authorization': 'Basic Zm9v',
        'proxy-connection': 'keep-alive',
        te: 'trailers',
        upgrade: 'websocket',
      },
    })
    const seen = seenLast()
    for (const name of ['x-secret', 'x-other', 'keep-alive', 'proxy-authorization', 'te', 'upgrade']) {
      assert.equal(seen[name], undefined, name)
    }
    assert.equal(seen.connection, 'keep-alive')
    assert.equal(`http://${seen.host}`, order.url)
  })

  test('of the contract go on', async () => {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': 'k-1',
      'if-match': '"3"',
      'x-request-id': 'mine-1',
      accept: 'application/json',
    }
    await raw(url, '/api/orders', { method: 'POST', headers, body: ['{}'] })
    const seen = seenLast()
    for (const [name, value] of Object.entries(headers)) assert.equal(seen[name], value, name)
  })

  test('that only a caller of our own could be believed in end here', async () => {
    const invented = [
      'via',
      'forwarded',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-real-ip',
      'x-request-deadline',
      'tracestate',
      'baggage',
      'x-b3-traceid',
      'authorization',
      'cookie',
      'x-anything',
    ]
    const headers = Object.fromEntries(invented.map((name) => [name, 'invented']))
    await raw(url, '/api/orders', { headers: { ...headers, 'x-forwarded-for': '192.0.2.7' } })
    const seen = seenLast()
    for (const name of invented) assert.notEqual(seen[name], 'invented', name)
    assert.equal(seen.via, '1.1 hello-observability')
    assert.equal(seen['x-forwarded-for'], '127.0.0.1')
  })

  test('name the client and the proxies on the way where those are trusted', async () => {
    const behind = await startGatewayWithUpstreams({ TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' })
    await raw(behind.url, '/api/orders', { headers: { 'x-forwarded-for': '198.51.100.9, 192.0.2.7, 10.1.2.3' } })
    const { headers } = behind.upstreams.order.seen.at(-1)!
    assert.equal(headers['x-forwarded-for'], '192.0.2.7, 10.1.2.3, 127.0.0.1')
  })

  test('of a body do not go on without one', async () => {
    await raw(url, '/api/orders', {
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      body: ['{}'],
    })
    assert.equal(seenLast()['content-length'], undefined)
    assert.equal(seenLast()['content-type'], undefined)
  })

  test('carry the gateway’s own deadline, whatever the caller says', async () => {
    for (const given of [undefined, '1', String(Date.now() + 200), String(Date.now() + 60_000), 'tomorrow']) {
      const before = Date.now()
      await raw(url, '/api/orders', { headers: given ? { 'x-request-deadline': given } : {} })
      const passed = Number(seenLast()['x-request-deadline'])
      assert.ok(passed >= before + 5000 && passed <= Date.now() + 5000, `${given}: ${passed - before}`)
    }
  })

  test('say which trace it is while tracing is off', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const answer = await raw(url, '/api/orders', { headers: { traceparent } })
    assert.equal(seenLast().traceparent, traceparent)
    assert.equal(answer.headers.traceresponse, undefined)
  })
})

describe('answer headers', () => {
  test('of the contract come back, and references lead to the gateway', async () => {
    const own = order.url
    for (const [location, expected] of [
      ['/orders/1', '/api/orders/1'],
      [`${own}/orders/1`, '/api/orders/1'],
      ['//order:8083/orders/1?x=1', '/api/orders/1?x=1'],
      ['http://order.shop.svc:8083', ''],
      ['next', 'next'],
    ] as const) {
      order.answer = (_, response) => json(response, 201, {}, { location })
      assert.equal((await raw(url, '/api/orders')).headers.location, expected)
    }
    order.answer = (_, response) =>
      json(response, 200, [], {
        link: `</orders?limit=2&after=Mg>; rel="next", <${own}/orders?limit=2>; rel="first"`,
        etag: '"7"',
        'idempotent-replayed': 'true',
        'retry-after': '3',
        'content-language': 'ko',
      })
    const { headers } = await raw(url, '/api/orders')
    assert.equal(headers.link, '</api/orders?limit=2&after=Mg>; rel="next", </api/orders?limit=2>; rel="first"')
    assert.equal(headers.etag, '"7"')
    assert.equal(headers['idempotent-replayed'], 'true')
    assert.equal(headers['retry-after'], '3')
    assert.equal(headers['content-language'], 'ko')
  })

  test('that belong to the connection stay, those that Connection names included', async () => {
    order.answer = (_, response) =>
      json(response, 200, [], { connection: 'close, x-internal', 'x-internal': '1', 'proxy-authenticate': 'Basic' })
    const { headers } = await raw(url, '/api/orders', { headers: { connection: 'keep-alive' } })
    assert.equal(headers.connection, 'keep-alive')
    assert.equal(headers['x-internal'], undefined)
    assert.equal(headers['proxy-authenticate'], undefined)
  })

  test('have one x-request-id: the caller’s where it is a decent one, else a new one, and the upstream gets the same', async () => {
    order.answer = (_, response) => json(response, 200, [], { 'x-request-id': 'of-the-upstream' })
    for (const given of ['abc-123', undefined, 'x'.repeat(129), 'with space']) {
      const { headers, rawHeaders } = await raw(url, '/api/orders', { headers: given ? { 'x-request-id': given } : {} })
      const id = headers['x-request-id']!
      if (given === 'abc-123') assert.equal(id, given)
      else assert.match(String(id), /^[0-9a-f-]{36}$/)
      assert.equal(seenLast()['x-request-id'], id)
      assert.equal(rawHeaders.filter((name) => name.toLowerCase() === 'x-request-id').length, 1)
    }
  })

  test('of several cookies come back as several', async () => {
    product.answer = (_, response) =>
      response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'content-length': 2 }).end('{}')
    assert.deepEqual((await raw(url, '/api/products')).headers['set-cookie'], ['a=1', 'b=2'])
  })
})

describe('a browser on another origin', () => {
  const origin = 'http://localhost:3001'

  test('may ask before it calls', async () => {
    const { status, headers } = await raw(url, '/api/inventory/product1', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,if-match,if-none-match,idempotency-key,traceparent',
      },
    })
    assert.equal(status, 204)
    assert.equal(headers['access-control-allow-origin'], origin)
    assert.equal(headers.allow, 'GET, HEAD, OPTIONS, PUT')
    assert.match(headers['access-control-allow-methods']!, /\bPUT\b/)
    for (const name of ['content-type', 'if-match', 'if-none-match', 'idempotency-key', 'traceparent']) {
      assert.ok(headers['access-control-allow-headers']!.split(', ').includes(name), name)
    }
  })

  test('may read what the contract says in headers, also of errors', async () => {
    for (const path of ['/api/orders', '/api/nothing', '/api/products/%20']) {
      const { headers } = await raw(url, path, { headers: { origin } })
      assert.equal(headers['access-control-allow-origin'], origin)
      const exposed = headers['access-control-expose-headers']!.split(', ')
      for (const name of ['etag', 'link', 'location', 'retry-after', 'idempotent-replayed', 'x-request-id']) {
        assert.ok(exposed.includes(name), name)
      }
    }
  })

  test('is told by name when there are several', async () => {
    const several = await startGatewayWithUpstreams({ CORS_ORIGIN: 'http://a.example,http://b.example' })
    for (const [from, allowed] of [
      ['http://b.example', 'http://b.example'],
      ['http://c.example', undefined],
    ] as const) {
      const { headers } = await raw(several.url, '/api/products', { headers: { origin: from } })
      assert.equal(headers['access-control-allow-origin'], allowed)
      assert.match(headers.vary!, /origin/i)
    }
  })

  test('may neither load nor frame nor guess anything of an answer', async () => {
    const { headers } = await raw(url, '/api/products')
    assert.equal(headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['x-powered-by'], undefined)
  })
})

test('while tracing is on, the upstream gets one traceparent, of the caller’s trace and sampled by our rule, and the caller a traceresponse', async () => {
  const upstream = await startServer((_, response) => json(response, 200, []))
  const script = new URL('../src/server.ts', import.meta.url).pathname
  const gateway = await startService(
    script,
    {
      PRODUCT_SERVICE_URL: upstream.url,
      OTEL_SERVICE_NAME: 'gateway',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      LOG_LEVEL: 'info',
    },
    ['--import', '@hello/telemetry/preload'],
  )
  after(() => gateway.child.kill('SIGKILL'))
  const trace = '0af7651916cd43dd8448eb211c80319c'
  const { headers } = await raw(gateway.url, '/api/products', {
    headers: { traceparent: `00-${trace}-b7ad6b7169203331-00`, tracestate: 'a=b', baggage: 'k=v' },
  })
  const { rawHeaders } = upstream.seen[0]!
  const passed = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'traceparent')
  assert.equal(passed.length, 1, String(rawHeaders))
  const [, traceId, spanId] = passed[0]!.split('-')
  assert.equal(traceId, trace)
  assert.notEqual(spanId, 'b7ad6b7169203331')
  assert.equal(upstream.seen[0]!.headers.tracestate, undefined)
  assert.equal(upstream.seen[0]!.headers.baggage, undefined)
  assert.match(String(headers.traceresponse), new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`))
})
