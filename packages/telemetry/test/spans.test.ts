import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'
import { readmeTable } from './readme-table.ts'

const collector = await startCollector()
const upstream = await startServer((seen, response) => json(response, Number(seen.path.slice(1, 4)), {}))
const fixture = await startFixture(collector.url, {
  DATABASE_URL: await createTestDatabase(),
  UPSTREAM_URL: upstream.url,
  OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2.3,k8s.pod.name=fixture-1,k8s.namespace.name=shop',
})

const get = (path: string, init?: RequestInit) => fetch(`${fixture.url}${path}`, init)

describe('a request', () => {
  test('is one SERVER span named by its route, around one span of its handler', async () => {
    const { server, all } = await collector.trace(await get('/items/7?limit=hunter2'))
    assert.equal(server.name, 'GET /items/:id')
    assert.equal(server.kind, 'server')
    assert.equal(server.parentSpanId, null)
    assert.equal(server.status, 'unset')
    assert.equal(server.attributes['http.request.method'], 'GET')
    assert.equal(server.attributes['http.route'], '/items/:id')
    assert.equal(server.attributes['http.response.status_code'], 200)
    assert.equal(server.attributes['url.path'], '/items/7')
    assert.equal(server.attributes['url.scheme'], 'http')
    assert.equal(server.attributes['server.address'], '127.0.0.1')
    assert.equal(all.length, 2, all.map(({ name }) => name).join(', '))
    const handler = all.find((span) => span !== server)!
    assert.equal(handler.parentSpanId, server.spanId)
    assert.equal(handler.kind, 'internal')
    assert.equal(handler.name, 'handler')
    assert.equal(handler.attributes['fastify.type'], 'request_handler', 'what instrumentation-fastify calls it')
  })

  test('that is only passed on has no span of its handler', async () => {
    const { server } = await collector.trace(await get('/items/passed/7'))
    await collector.trace(await get('/items/8'))
    assert.deepEqual(
      collector.spans.filter(({ traceId }) => traceId === server.traceId).map(({ name }) => name),
      ['GET /items/passed/:id'],
    )
  })

  test('with a body keeps its context after the body was read', async () => {
    const { server, all } = await collector.trace(
      await get('/items', { method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json' } }),
    )
    assert.equal(server.name, 'POST /items')
    assert.deepEqual(
      all.filter((span) => span !== server).map((span) => span.parentSpanId),
      [server.spanId],
    )
  })

  for (const flags of ['01', '00']) {
    test(`continues the trace of its caller, who said by ${flags} whether it is sampled, which is not his to say`, async () => {
      const traceId = flags.padStart(32, 'a')
      const answer = await get('/items/1', { headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-${flags}` } })
      const { server } = await collector.trace(answer)
      assert.equal(server.traceId, traceId)
      assert.equal(server.parentSpanId, 'b'.repeat(16))
    })
  }

  test('on no route is called by its method alone', async () => {
    const { server } = await collector.trace(await get('/nowhere/42'))
    assert.equal(server.name, 'GET')
    assert.equal(server.attributes['http.route'], undefined)
    assert.equal(server.attributes['http.response.status_code'], 404)
  })

  test('lasts until it is answered, whatever the process does next', async () => {
    const { all } = await collector.trace(await get('/blocks-once-answered'))
    assert.equal(all.length, 2)
    for (const { name, duration } of all) assert.ok(duration < 300_000, `${name}: ${duration} µs`)
    const text = await (await fetch(`${fixture.managementUrl}/metrics`)).text()
    const sum = /^http_server_request_duration_seconds_sum\{.*blocks-once-answered.*\} (.*)$/m.exec(text)
    assert.ok(Number(sum![1]) < 0.3, sum![0])
  })
})

test('the resource names service, version, instance and pod', async () => {
  await collector.trace(await get('/items/1'))
  assert.equal(collector.resource.get('service.name'), 'fixture')
  assert.equal(collector.resource.get('service.version'), '1.2.3')
  assert.match(collector.resource.get('service.instance.id')!, /^[0-9a-f-]{36}$/)
  assert.equal(collector.resource.get('k8s.pod.name'), 'fixture-1')
  assert.equal(collector.resource.get('k8s.namespace.name'), 'shop')
  const rows = readmeTable(new URL('../../../docs/en/telemetry.md', import.meta.url), 'Resource')
  const listed = rows.filter((row) => row['Set by'] === 'preload').map(({ Attribute }) => Attribute)
  const own = [...collector.resource.keys()].filter((name) => !name.startsWith('k8s.'))
  assert.deepEqual(own.sort(), listed.sort(), 'docs/en/telemetry.md')
})

test('probes, metrics, docs and what says so itself are no spans, no observations and no lines', async () => {
  for (const path of ['/livez', '/readyz', '/metrics']) await fetch(`${fixture.managementUrl}${path}`)
  for (let turn = 0; turn < 3; turn++) assert.equal((await get('/health')).status, 200)
  const hidden = ['/docs', '/docs/', '/docs/json', '/docs/static/swagger-ui.css', '/hidden/7']
  for (const path of hidden) assert.ok((await get(path, { redirect: 'manual' })).status < 400, path)
  assert.equal((await get('/docs/static/swagger-ui.css', { method: 'HEAD' })).status, 200)
  assert.equal((await get('/hidden/broken')).status, 500)
  await collector.trace(await get('/items/after-probes'))
  const text = await (await fetch(`${fixture.managementUrl}/metrics`)).text()
  assert.doesNotMatch(text, /http_route="[^"]*(health|livez|readyz|metrics|docs|hidden)/)
  const lines = fixture.log.filter(
    ({ msg, route }) => msg === 'request' && !/^(\/items|__unknown__|\/block)/.test(`${route}`),
  )
  assert.deepEqual(
    lines.map(({ route, status, level }) => [route, status, level]),
    [['/hidden/:id', 500, 'error']],
  )
  const known = /^((GET|POST) \/(items|nowhere|blocks)|GET$|handler$)/
  assert.deepEqual(
    collector.spans.filter(({ name }) => !known.test(name)).map(({ name }) => name),
    [],
  )
  const probe = /health|livez|readyz|metrics|docs|hidden/
  assert.deepEqual(
    collector.spans.filter(({ attributes }) => probe.test(`${attributes['http.route']} ${attributes['url.path']}`)),
    [],
  )
  const parents = new Set(collector.spans.map(({ spanId }) => spanId))
  const orphans = collector.spans.filter(({ name, parentSpanId }) => name === 'handler' && !parents.has(parentSpanId!))
  assert.deepEqual(orphans, [])
})

test('a route whose path looks like the docs is a span', async () => {
  const { server } = await collector.trace(await get('/docs/of/ours'))
  assert.equal(server.name, 'GET /docs/of/:id')
})

describe('an answer', () => {
  test('of 4xx is no error', async () => {
    const { all } = await collector.trace(await get('/gone'))
    assert.deepEqual(
      all.map(({ status }) => status),
      all.map(() => 'unset'),
    )
    assert.deepEqual(
      all.flatMap(({ events }) => events),
      [],
    )
  })

  for (const [path, status, type, message] of [
    ['/broken', 500, 'TypeError', 'it broke'],
    ['/away', 503, 'Problem', 'It is away.'],
    ['/broken-hook', 500, 'Error', 'the hook broke'],
  ] as const) {
    test(`of ${status} by ${path} is an error with its exception`, async () => {
      const response = await get(path)
      assert.equal(response.status, status)
      const { server, all } = await collector.trace(response)
      assert.equal(server.status, 'error')
      assert.equal(server.attributes['error.type'], String(status))
      assert.ok(all.every((span) => span === server || span.status === 'unset'))
      const exceptions = all.flatMap(({ events }) => events)
      assert.deepEqual(
        exceptions.map(({ name, attributes }) => [name, attributes['exception.type'], attributes['exception.message']]),
        [['exception', type, message]],
      )
      assert.match(String(exceptions[0]!.attributes['exception.stacktrace']), /service\.ts/)
    })
  }
})

describe('a call to an upstream', () => {
  test('is a CLIENT span, and the upstream gets one traceparent that names it', async () => {
    const headers = { traceparent: `00-${'d'.repeat(32)}-${'e'.repeat(16)}-01`, baggage: 'tenant=blue' }
    const { all } = await collector.trace(await get('/hop/200', { headers }))
    const client = all.find(({ kind }) => kind === 'client')!
    const { rawHeaders, headers: received } = upstream.seen.at(-1)!
    assert.equal(rawHeaders.filter((name) => name.toLowerCase() === 'traceparent').length, 1)
    assert.equal(received.traceparent, `00-${client.traceId}-${client.spanId}-01`)
    assert.equal(received.baggage, 'tenant=blue')
    assert.equal(client.attributes['http.response.status_code'], 200)
  })

  test('is an error from 400 on, as the conventions for clients say', async () => {
    const { server, all } = await collector.trace(await get('/hop/409'))
    assert.equal(all.find(({ kind }) => kind === 'client')!.status, 'error')
    assert.equal(server.status, 'unset')
  })
})

describe('a secret', () => {
  const ofTrace = async (path: string) => {
    const { server } = await collector.trace(await get(path))
    await collector.trace(await get('/items/after'))
    const lines = fixture.log.filter(({ trace_id }) => trace_id === server.traceId)
    return { spans: collector.spans.filter(({ traceId }) => traceId === server.traceId), lines }
  }

  test('in a query is in no span', async () => {
    const { spans } = await ofTrace('/hop/200?limit=5&token=hunter2&next=/x?token=hunter2&a=hunter2#hunter2')
    const client = spans.find(({ kind }) => kind === 'client')!
    const shown = '?limit=5&token=REDACTED&next=REDACTED&a=REDACTED'
    assert.equal(client.attributes['url.full'], `${upstream.url}/200${shown}`)
    assert.ok(!JSON.stringify(spans).includes('hunter2'))
    assert.match(upstream.seen.at(-1)!.path, /token=hunter2/)
    const bare = await ofTrace('/hop/200?hunter2')
    assert.ok(!JSON.stringify(bare.spans).includes('hunter2'))
  })

  for (const [path, message] of [
    ['/refused-value', 'PostgreSQL refused the statement (SQLSTATE 22P02)'],
    ['/refused-row', 'duplicate key value violates unique constraint "items_pkey"'],
  ] as const) {
    test(`that PostgreSQL quotes when it refuses ${path} is in no span and no line`, async () => {
      const { spans, lines } = await ofTrace(path)
      const server = spans.find(({ kind }) => kind === 'server')!
      assert.equal(server.events[0]!.attributes['exception.message'], message)
      assert.match(spans.find(({ kind, status }) => kind === 'client' && status === 'error')!.statusMessage, /code: 2/)
      const errors = lines.filter(({ err }) => err).map(({ err }) => (err as { message: string }).message)
      assert.deepEqual(errors, [message])
      assert.ok(!JSON.stringify({ spans, lines }).includes('hunter2'), JSON.stringify({ spans, lines }))
    })
  }
})
