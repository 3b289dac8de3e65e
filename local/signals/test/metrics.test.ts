import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { Histogram, Registry } from '@prometheus-io/client'
import { createMetricStore } from '../metric-store.ts'
import { parseOpenMetrics } from '../openmetrics.ts'
import { histogramQuantile, redOf } from '../red.ts'
import { start } from './start.ts'

const limits = { retention: 60_000, maxSeries: 100, maxExemplars: 10 }

/** A service's requests as its metrics client counts them. */
function createClient() {
  const registry = new Registry()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never)
  const histogram = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'x',
    labelNames: ['http_route', 'http_response_status_code'],
    buckets: [0.01, 0.1, 1],
    registers: [registry],
    enableExemplars: true,
  })
  const observe = (seconds: number, status = 200, trace_id = 'f'.repeat(32)) =>
    histogram.observe({
      labels: { http_route: '/orders', http_response_status_code: status },
      value: seconds,
      exemplarLabels: { trace_id },
    } as never)
  return { observe, text: () => registry.metrics() }
}

test('computes rate, errors and percentiles from the growth of the buckets', async () => {
  const metrics = createMetricStore(limits)
  const client = createClient()
  client.observe(0.005)
  metrics.add('order', parseOpenMetrics(await client.text()), 1000)
  for (let request = 0; request < 8; request += 1) client.observe(0.005)
  client.observe(0.5)
  client.observe(0.5, 503)
  client.observe(0.005, 404)
  client.observe(0.005, 409)
  metrics.add('order', parseOpenMetrics(await client.text()), 3000)
  metrics.add('order', parseOpenMetrics(await client.text()), 5000)

  const points = redOf(metrics, 'order', { to: 6000, step: 2000, count: 3, window: 1 })
  assert.deepEqual(
    points.map(({ time, rate, refused, errors }) => ({ time, rate, refused, errors })),
    [
      { time: 2000, rate: 0, refused: 0, errors: 0 },
      { time: 4000, rate: 6, refused: 1, errors: 0.5 },
      { time: 6000, rate: 0, refused: 0, errors: 0 },
    ],
  )
  // 12 requests: 10 up to 10 ms, 2 between 100 ms and 1 s.
  assert.equal(points[1]?.p50, 6)
  assert.equal(points[1]?.p95?.toFixed(3), (100 + 900 * 0.7).toFixed(3))
  assert.deepEqual([points[0]?.p50, points[2]?.p99], [null, null])

  const [wide] = redOf(metrics, 'order', { to: 6000, step: 2000, count: 1, window: 2 })
  assert.deepEqual([wide?.rate, wide?.p50], [3, 6])
})

test('takes a restart for a restart', async () => {
  const metrics = createMetricStore(limits)
  const before = createClient()
  for (let request = 0; request < 9; request += 1) before.observe(0.005)
  metrics.add('order', parseOpenMetrics(await before.text()), 1000)
  before.observe(0.005)
  metrics.add('order', parseOpenMetrics(await before.text()), 3000)
  const after = createClient()
  for (let request = 0; request < 4; request += 1) after.observe(0.005)
  metrics.add('order', parseOpenMetrics(await after.text()), 5000)
  const rates = redOf(metrics, 'order', { to: 6000, step: 2000, count: 3, window: 1 }).map(({ rate }) => rate! * 2)
  assert.deepEqual(rates, [0, 1, 4])
})

test('knows nothing of the time in which a service was not scraped', async () => {
  const metrics = createMetricStore(limits)
  const client = createClient()
  metrics.add('order', parseOpenMetrics(await client.text()), 4000)
  client.observe(0.005)
  metrics.add('order', parseOpenMetrics(await client.text()), 6000)
  client.observe(0.005)
  metrics.add('order', parseOpenMetrics(await client.text()), 14_000)
  const points = redOf(metrics, 'order', { to: 18_000, step: 2000, count: 9, window: 1 })
  assert.deepEqual(
    points.map(({ rate, errors }) => [rate, errors]),
    [[null, null], [0, 0], [0.5, 0], ...Array(3).fill([null, null]), [0.5, 0], ...Array(2).fill([null, null])],
  )
})

test('interpolates quantiles as PromQL does', () => {
  const buckets = [
    { le: 1, count: 10 },
    { le: 2, count: 30 },
    { le: Number.POSITIVE_INFINITY, count: 40 },
  ]
  assert.equal(histogramQuantile(0.25, buckets), 1)
  assert.equal(histogramQuantile(0.5, buckets), 1.5)
  assert.equal(histogramQuantile(0.99, buckets), 2)
  assert.equal(histogramQuantile(0.5, [{ le: Number.POSITIVE_INFINITY, count: 0 }]), null)
  assert.equal(histogramQuantile(0.5, []), null)
})

test('forgets what is older than the retention and is bounded in series and exemplars', async () => {
  const metrics = createMetricStore({ ...limits, maxSeries: 20 })
  const client = createClient()
  for (let scrape = 1; scrape <= 200; scrape += 1) {
    client.observe(0.005, 200, String(scrape).padStart(32, '0'))
    const samples = parseOpenMetrics(await client.text())
    for (const { exemplar } of samples) if (exemplar) exemplar.time = scrape * 1000
    metrics.add('order', samples, scrape * 1000)
  }
  const [count] = metrics.series('order', 'http_server_request_duration_seconds_count')
  assert.equal(count?.points.length, 61)
  assert.equal(count?.points[0]?.time, 140_000)
  assert.deepEqual(
    metrics.exemplars('order', 'http_server_request_duration_seconds').map(({ time }) => time / 1000),
    [191, 192, 193, 194, 195, 196, 197, 198, 199, 200],
  )

  const flood = Array.from({ length: 500 }, (_, index) => ({
    name: 'x',
    labels: { id: `${index}` },
    value: 1,
    exemplar: undefined,
  }))
  metrics.add('order', flood, 201_000)
  const { series, droppedSamples } = metrics.stats()
  assert.equal(series, 20)
  assert.ok(droppedSamples > 480)

  metrics.add('order', [], 300_000)
  assert.equal(metrics.stats().series, 0)
  assert.equal(metrics.exemplars('order', 'http_server_request_duration_seconds').length, 0)
})

async function serve(t: TestContext, answer: () => string | Promise<string>) {
  const server = createServer(async (request, response) => {
    assert.match(String(request.headers.accept), /openmetrics/)
    response.end(await answer())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
}

test('scrapes, shows rate, percentiles and exemplars, and says what is down and why', async (t) => {
  const client = createClient()
  const order = await serve(t, client.text)
  let broken = '<html>'
  const inventory = await serve(t, () => broken)
  const { get } = await start(t, {
    targets: [
      { service: 'order', url: order },
      { service: 'inventory', url: inventory },
      { service: 'product', url: 'http://127.0.0.1:1/metrics' },
    ],
  })
  await eventually(async () => {
    const { body } = await get('/services')
    assert.deepEqual(
      body.map(({ service, up }: { service: string; up: boolean }) => [service, up]),
      [
        ['order', true],
        ['inventory', false],
        ['product', false],
      ],
    )
    assert.match(body[1].error, /line 1 is no sample/)
    assert.match(body[2].error, /127\.0\.0\.1:1\/metrics: .+/)
    assert.ok(Math.abs(Date.now() - body[0].answered) < 10_000)
    assert.deepEqual([body[1].answered, body[2].answered], [null, null])
  })

  client.observe(0.05, 200, 'abcdef'.padStart(32, '0'))
  broken = 'shop_stock_units{product_id="a"} 3\n'
  await eventually(async () => {
    const { body } = await get('/metrics?minutes=5')
    const { points, exemplars } = body.services[0]
    assert.deepEqual([body.step, body.window, points.length], [2000, 10_000, 150])
    assert.ok(points.some(({ rate, p50 }: { rate: number; p50: number }) => rate === 0.1 && p50 > 10 && p50 < 100))
    assert.deepEqual(
      [exemplars[0].traceId, exemplars[0].value, exemplars[0].labels.http_route],
      ['abcdef'.padStart(32, '0'), 50, '/orders'],
    )
    const series = await get('/series?service=inventory&name=shop_stock_units')
    assert.deepEqual(series.body[0].labels, { product_id: 'a' })
    assert.equal(series.body[0].points.at(-1).value, 3)
  })
})
