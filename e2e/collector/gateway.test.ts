import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { type Config, chartConfig, skip, startCollector, temporaryFolder } from './collector-process.ts'
import { type SpanSettings, sender, startReceiver, type Trace, trace } from './traces.ts'

/** The gateway as the chart's values have it, before a receiver in the place of Jaeger. */
function gatewayConfig(receiver: string, change: (config: Config) => void = () => {}): Config {
  const config = chartConfig('gateway')
  config.exporters.otlp_grpc.endpoint = receiver
  change(config)
  return config
}

const decided = 'otelcol_processor_tail_sampling_global_count_traces_sampled'

/** Three services in a row, the last of them as said. */
const journey = (last: SpanSettings): Trace =>
  trace({ service: 'gateway' }, { service: 'order', kind: 'client', name: 'PUT' }, { service: 'inventory', ...last })

const times = (count: number, make: () => Trace): Trace[] => Array.from({ length: count }, make)

/** How far a count of `share` of `of` is from its mean at most, but for once in a million. */
const deviation = (of: number, share: number) => 5 * Math.sqrt(of * share * (1 - share))

describe('the gateway', { skip, concurrency: true }, () => {
  test('keeps all that failed, was slow or recovered, whole, and one trace in twenty of the rest', async (t) => {
    const receiver = await startReceiver(t)
    const gateway = await startCollector(t, gatewayConfig(receiver.address), temporaryFolder(t))
    const kept: Record<string, Trace[]> = {
      failed: times(200, () => journey({ error: true, attributes: { 'http.response.status_code': 500 } })),
      'failed in a statement': times(200, () => journey({ kind: 'client', name: 'stock-find', error: true })),
      slow: times(200, () => journey({ durationMs: 500 })),
      'left pending': times(200, () => journey({ kind: 'internal', attributes: { 'order.status': 'PENDING' } })),
      recovered: times(200, () => trace({ name: 'recover order', kind: 'internal' }, {}, {})),
    }
    const rest = [
      ...times(9000, () => journey({})),
      ...times(500, () => journey({ durationMs: 499 })),
      // A call that was answered with "not enough stock" is no failure.
      ...times(500, () => journey({ kind: 'client', error: true, attributes: { 'http.response.status_code': 409 } })),
    ]
    const all = [...Object.values(kept).flat(), ...rest]
    await sender(t, gateway.otlp).sendAll(all)

    await eventually(async () => assert.equal(await gateway.sum(decided), all.length))
    const sampled = await gateway.sum(decided, 'sampled="true"')
    await eventually(() => assert.equal(receiver.traces().size, sampled))
    await eventually(() => assert.equal(receiver.spans.length, 3 * sampled))

    const counts = receiver.traces()
    for (const [why, traces] of Object.entries(kept)) {
      const arrived = traces.filter(({ id }) => counts.get(id) === 3).length
      t.diagnostic(`${why}: ${arrived} of ${traces.length}`)
      assert.equal(arrived, traces.length, why)
    }
    const arrived = rest.filter(({ id }) => counts.has(id)).length
    const share = 0.05
    t.diagnostic(`the rest: ${arrived} of ${rest.length}`)
    assert.ok(
      Math.abs(arrived - share * rest.length) < deviation(rest.length, share),
      `${arrived} of ${rest.length} were kept`,
    )
  })

  test('keeps every trace where it is told so, as on a laptop', async (t) => {
    const receiver = await startReceiver(t)
    const gateway = await startCollector(t, gatewayConfig(receiver.address), temporaryFolder(t), {
      KEPT_PERCENT: '100',
    })
    const all = times(300, () => journey({}))
    await sender(t, gateway.otlp).sendAll(all)
    await eventually(() => assert.equal(receiver.traces().size, all.length))
  })

  test('redacts what a service has left in its spans, and nothing else', async (t) => {
    const receiver = await startReceiver(t)
    const gateway = await startCollector(t, gatewayConfig(receiver.address), temporaryFolder(t))
    const secret = 'hunter2hunter2hunter2'
    const jwt = `eyJhbGciOiJub25lIn0.eyJzdWIiOiJ${secret}.${secret}`
    const message = `connect postgres://order:${secret}@db/shop failed with Bearer ${secret}`
    await sender(t, gateway.otlp).sendAll([
      journey({
        error: true,
        attributes: {
          'url.full': `https://user:${secret}@api.example.com/orders?limit=5&access_token=${secret}&after=3`,
          'http.request.header.authorization': `Basic ${secret}`,
          'app.password': secret,
          'app.note': `sent ${jwt}`,
          'url.path': '/orders/1',
          'db.query.text': 'SELECT * FROM orders WHERE key = $1',
        },
        events: [{ name: 'exception', attributes: { 'exception.message': message } }],
        statusMessage: message,
      }),
    ])
    const [, , span] = await eventually(() => receiver.spans.length === 3 && receiver.spans)
    assert.ok(!receiver.raw.join().includes(secret), receiver.raw.join())
    assert.deepEqual(span!.attributes, {
      'url.full': 'https://REDACTED:REDACTED@api.example.com/orders?limit=5&access_token=REDACTED&after=3',
      'app.note': 'sent REDACTED',
      'url.path': '/orders/1',
      'db.query.text': 'SELECT * FROM orders WHERE key = $1',
    })
    const redacted = 'connect postgres://REDACTED:REDACTED@db/shop failed with Bearer REDACTED'
    assert.equal(span!.statusMessage, redacted)
    assert.equal(span!.events[0]!.attributes['exception.message'], redacted)
  })

  test('sends what it has decided while Jaeger was away, also after it was killed', async (t) => {
    const folder = temporaryFolder(t)
    const away = await startReceiver(t)
    away.close()
    const config = () => gatewayConfig(away.address)
    const gateway = await startCollector(t, config(), folder)
    const all = times(300, () => journey({ error: true }))
    await sender(t, gateway.otlp).sendAll(all)
    await eventually(async () =>
      assert.equal(await gateway.sum('otelcol_processor_batch_batch_send_size_sum'), 3 * all.length),
    )
    await eventually(async () => assert.ok((await gateway.sum('otelcol_exporter_queue_size')) > 0))
    await gateway.kill()

    const receiver = await startReceiver(t, away.port)
    const restarted = await startCollector(t, config(), folder)
    await eventually(() => assert.equal(receiver.traces().size, all.length))
    assert.ok([...receiver.traces().values()].every((count) => count >= 3))
    await eventually(async () => assert.equal(await restarted.sum('otelcol_exporter_queue_size'), 0))
  })

  test('counts what its queue has no room for', async (t) => {
    const away = await startReceiver(t)
    away.close()
    const small = (config: Config) => {
      config.exporters.otlp_grpc.sending_queue.queue_size = 20_000
      config.processors.batch.send_batch_max_size = 50
      config.processors.batch.send_batch_size = 50
    }
    const gateway = await startCollector(t, gatewayConfig(away.address, small), temporaryFolder(t))
    await sender(t, gateway.otlp).sendAll(times(1000, () => journey({ error: true })))
    await eventually(async () => assert.ok((await gateway.sum('otelcol_exporter_enqueue_failed_spans')) > 0))
    const full =
      (await gateway.sum('otelcol_exporter_queue_size')) / (await gateway.sum('otelcol_exporter_queue_capacity'))
    t.diagnostic(`the queue is ${Math.round(100 * full)} % full`)
    assert.ok(full > 0.5)
  })

  test('refuses what it has no memory for, counts it, and takes spans again', async (t) => {
    const receiver = await startReceiver(t)
    const tight = ({ processors }: Config) => {
      processors.memory_limiter = { check_interval: '1s', limit_mib: 120, spike_limit_mib: 24 }
    }
    const gateway = await startCollector(t, gatewayConfig(receiver.address, tight), temporaryFolder(t), { GOGC: '50' })
    const { send } = sender(t, gateway.otlp)
    let accepted = 0
    let refused = 0
    const text = 'x'.repeat(10_000)
    await eventually(
      async () => {
        const { parts } = trace(...Array.from({ length: 50 }, () => ({ attributes: { text } })))
        const request = { resourceSpans: parts.flatMap(({ resourceSpans }) => resourceSpans!) }
        try {
          await send(request)
          accepted += 50
        } catch (error) {
          assert.equal((error as { code: number }).code, 14, 'UNAVAILABLE, after which a sender tries again')
          refused += 50
        }
        return refused >= 500
      },
      { everyMs: 1 },
    )
    t.diagnostic(`${accepted} spans accepted, ${refused} refused`)
    assert.equal(await gateway.sum('otelcol_receiver_refused_spans'), refused)
    assert.equal(await gateway.sum('otelcol_receiver_accepted_spans'), accepted)
    await eventually(() => send(journey({}).parts[0]!).then(() => true))
  })

  test('measures what browsers wait for, before it lets traces go', async (t) => {
    const receiver = await startReceiver(t)
    const gateway = await startCollector(t, gatewayConfig(receiver.address), temporaryFolder(t))
    await sender(t, gateway.otlp).sendAll(
      times(200, () => trace({ service: 'browser', name: 'buy product', kind: 'internal', durationMs: 300 }, {})),
    )
    const counted = await eventually(async () => {
      const lines = (await gateway.scrape('8889')).split('\n')
      const series = lines.filter((line) => line.startsWith('browser_duration_seconds_count{'))
      return series.some((line) => line.endsWith(' 200')) && series
    })
    assert.equal(counted.length, 1, 'of the browser alone')
    assert.match(counted[0]!, /span_name="buy product"/)
  })
})

test('two gateways behind the first tier have each trace whole', { skip }, async (t: TestContext) => {
  const receivers = [await startReceiver(t), await startReceiver(t)]
  const gateways = []
  for (const receiver of receivers)
    gateways.push(await startCollector(t, gatewayConfig(receiver.address), temporaryFolder(t)))
  const config = chartConfig('agent')
  // Its log lines need a cluster; the list of addresses stands for the name that has several.
  config.service.pipelines = { traces: config.service.pipelines.traces }
  config.exporters.load_balancing.resolver = { static: { hostnames: gateways.map(({ otlp }) => otlp) } }
  const node = { OTEL_K8S_NODE_NAME: 'node-1' }
  const agents = [
    await startCollector(t, structuredClone(config), temporaryFolder(t), node),
    await startCollector(t, config, temporaryFolder(t), node),
  ]
  const all = times(600, () =>
    trace({ service: 'gateway' }, { service: 'order' }, { service: 'inventory', error: true }),
  )
  // As from pods on two nodes: the parts of a trace come by different agents, the one with the error last.
  for (const part of [0, 1, 2])
    await sender(t, agents[part % 2]!.otlp).sendAll(
      all.map(({ id, parts }) => ({ id, parts: [parts[part]!] })),
      50,
    )

  await eventually(() =>
    assert.equal(
      receivers.reduce((sum, { spans }) => sum + spans.length, 0),
      3 * all.length,
    ),
  )
  const counts = receivers.map((receiver) => receiver.traces())
  t.diagnostic(`traces: ${counts.map(({ size }) => size).join(' and ')}`)
  for (const { id } of all)
    assert.deepEqual(counts.map((count) => count.get(id) ?? 0).toSorted(), [0, 3], `trace ${id}`)
  for (const { size } of counts) assert.ok(size > 100, `one gateway has ${size} of the traces`)
})
