import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { SpanKind } from '@opentelemetry/api'
import { startChild, startTracer } from './exporters.ts'
import { start } from './start.ts'

test('ties a trace to its log lines, both ways', async (t) => {
  const { addresses, get, log } = await start(t)
  const { tracer, shutdown } = startTracer('order', 'grpc', addresses.otlpGrpc)
  const root = startChild(tracer, 'POST /orders', undefined, {
    kind: SpanKind.SERVER,
    attributes: { 'http.route': '/orders', 'order.id': 'o-1' },
  })
  root.end()
  await shutdown()
  const { traceId, spanId } = root.spanContext()
  const time = new Date().toISOString()
  log(
    'order',
    JSON.stringify({ level: 'info', time, msg: 'first', trace_id: traceId, span_id: spanId, order_id: 'o-1' }),
  )
  log('gateway', JSON.stringify({ level: 'warn', time, msg: 'second', trace_id: traceId }))
  log('gateway', JSON.stringify({ level: 'error', time, msg: 'elsewhere' }))

  const trace = await get(`/traces/${traceId}`)
  assert.deepEqual(
    trace.body.logs.map(({ msg }: { msg: string }) => msg),
    ['first', 'second'],
  )
  const byOrder = await get('/logs?orderId=o-1')
  assert.deepEqual(
    byOrder.body.lines.map(({ msg }: { msg: string }) => msg),
    ['second', 'first'],
  )
  assert.equal((await get('/traces?orderId=o-1')).body.traces[0].traceId, traceId)
  assert.equal((await get('/traces?orderId=o-2')).body.matched, 0)
  assert.equal((await get('/logs?level=warn&service=gateway')).body.matched, 2)
  assert.deepEqual((await get('/services')).body[0].routes, ['/orders'])
  assert.deepEqual(
    (await get('/map?minutes=5')).body.nodes.map(({ name }: { name: string }) => name),
    ['order'],
  )
  assert.deepEqual((await get('/stats')).body.logs.lines, 3)
})

test('lists traces by range, by call and in the order asked for', async (t) => {
  const { addresses, get } = await start(t)
  const { tracer, shutdown } = startTracer('order', 'grpc', addresses.otlpGrpc)
  const before = Date.now()
  const ids = [30, 10, 20].map((milliseconds) => {
    const root = startChild(tracer, 'work', undefined, { startTime: before })
    const attributes = { 'db.system.name': 'postgresql' }
    if (milliseconds === 10)
      startChild(tracer, 'query', root, { kind: SpanKind.CLIENT, attributes, startTime: before }).end(before + 5)
    root.end(before + milliseconds)
    return root.spanContext().traceId
  })
  await shutdown()
  const listed = async (query: string) =>
    (await get(`/traces?${query}`)).body.traces.map(({ traceId }: { traceId: string }) => ids.indexOf(traceId))
  assert.deepEqual(await listed('sort=duration'), [0, 2, 1])
  assert.deepEqual(await listed('sort=duration&direction=ascending&limit=1'), [1])
  assert.deepEqual(await listed('caller=order&callee=PostgreSQL'), [1])
  assert.deepEqual(await listed('callee=order'), [])
  assert.deepEqual(await listed(`from=${before + 25}`), [0])
  assert.deepEqual(await listed(`to=${before - 1000}`), [])
  assert.equal((await listed('minutes=1')).length, 3)
})

test('shows the processes as they are told of', async (t) => {
  const running = { name: 'order', state: 'running', pid: 42, restarts: 0, lastExit: null, nextStart: null } as const
  const lastExit = { time: 1_700_000_000_000, code: null, signal: 'SIGKILL', error: null } as const
  const waiting = { ...running, name: 'product', state: 'waiting', pid: null, restarts: 5, lastExit } as const
  const processes = [running, { ...waiting, nextStart: 1_700_000_003_200 }]
  const { get } = await start(t, { processes: () => processes })
  assert.deepEqual((await get('/processes')).body, processes)
  processes.pop()
  assert.deepEqual((await get('/processes')).body, [running])
})

test('refuses what it does not understand and names the field', async (t) => {
  const { get, addresses } = await start(t)
  const bad: [string, number, RegExp][] = [
    ['/traces?status=maybe', 400, /status/],
    ['/traces?sort=colour', 400, /sort/],
    ['/traces?direction=up', 400, /direction/],
    ['/traces?minutes=0', 400, /minutes/],
    ['/traces?from=yesterday', 400, /from/],
    ['/traces?limit=0', 400, /limit/],
    ['/traces?minDuration=0.5', 400, /minDuration/],
    ...['1e1', '0x10', '%205', 'Infinity', '1e400', '5.0', ''].flatMap((number): typeof bad => [
      [`/traces?limit=${number}`, 400, /limit/],
      [`/traces?minDuration=${number}`, 400, /minDuration/],
      [`/logs?limit=${number}`, 400, /limit/],
      [`/metrics?minutes=${number}`, 400, /minutes/],
      [`/map?minutes=${number}`, 400, /minutes/],
    ]),
    ['/map?minutes=2.5', 400, /minutes/],
    ['/traces?minDuration=soon', 400, /minDuration/],
    ['/traces/xyz', 400, /traceId/],
    [`/traces/${'0'.repeat(31)}1`, 404, /not arrived yet/],
    ['/logs?level=loud', 400, /level/],
    ['/metrics?minutes=60', 400, /minutes/],
    ['/nowhere', 404, /\/docs/],
  ]
  for (const [path, status, detail] of bad) {
    const answer = await get(path)
    assert.equal(answer.status, status, path)
    assert.match(answer.type!, /^application\/problem\+json/, path)
    assert.match(answer.body.detail, detail, path)
    assert.match(answer.body.type, /^tag:.*:problem:(invalid-request|trace-not-found|route-not-found)$/, path)
  }
  const documented = (await (await fetch(`${addresses.api}/docs/json`)).json()) as { openapi: string; paths: object }
  assert.equal(documented.openapi, '3.1.0')
  assert.equal(Object.keys(documented.paths).length, 9)
})

test('answers no page that gave its own name the address of this machine', async (t) => {
  const { addresses } = await start(t)
  for (const url of [`${addresses.api}/signals/api/logs`, `${addresses.otlpHttp}/v1/traces`]) {
    const { hostname, port, pathname } = new URL(url)
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    request({ hostname, port, path: pathname, headers: { host: 'attacker.example' } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).end()
    assert.equal(await promise, 421, url)
  }
})
