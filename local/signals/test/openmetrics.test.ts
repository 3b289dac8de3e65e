import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Counter, Histogram, Registry } from '@prometheus-io/client'
import { parseOpenMetrics } from '../openmetrics.ts'

test('reads what the services’ client writes, exemplars included', async () => {
  const registry = new Registry()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never)
  const histogram = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'How long "it" took\nper route',
    labelNames: ['http_route'],
    buckets: [0.1, 1],
    registers: [registry],
    enableExemplars: true,
  })
  histogram.observe({
    labels: { http_route: '/a "b"\\c\nd, {e}' },
    value: 0.25,
    exemplarLabels: { trace_id: 'abc', span_id: 'd' },
  } as never)
  new Counter({ name: 'shop_orders_total', help: 'x', registers: [registry] }).inc(7)
  const samples = parseOpenMetrics(await registry.metrics())
  const labels = { http_route: '/a "b"\\c\nd, {e}' }
  const named = (name: string, le?: string) => samples.find((sample) => sample.name === name && sample.labels.le === le)
  const bucket = named('http_server_request_duration_seconds_bucket', '1')
  assert.deepEqual(
    { ...bucket, exemplar: { ...bucket?.exemplar, time: 0 } },
    {
      name: 'http_server_request_duration_seconds_bucket',
      labels: { ...labels, le: '1' },
      value: 1,
      exemplar: { labels: { trace_id: 'abc', span_id: 'd' }, value: 0.25, time: 0 },
    },
  )
  assert.ok(Math.abs(bucket!.exemplar!.time! - Date.now()) < 60_000)
  assert.equal(named('http_server_request_duration_seconds_bucket', '0.1')?.value, 0)
  assert.equal(named('http_server_request_duration_seconds_bucket', '+Inf')?.value, 1)
  assert.equal(named('http_server_request_duration_seconds_count')?.value, 1)
  assert.equal(named('shop_orders_total')?.value, 7)
})

test('reads every form of the grammar', () => {
  const text = `# TYPE a counter
# HELP a text # with a hash
a_total 1.5e3 1700000000.123
b{} -2
c{x="1",y="",} +Inf
d{x="#{}"} NaN # {} 1
e{le="0.1"} 3 # {trace_id="t"} 0.05 1700000000.5
f{le="0.1"} 3 1700000000 # {trace_id="t"} 0.05\r
# EOF
`
  assert.deepEqual(parseOpenMetrics(text), [
    { name: 'a_total', labels: {}, value: 1500, exemplar: undefined },
    { name: 'b', labels: {}, value: -2, exemplar: undefined },
    { name: 'c', labels: { x: '1', y: '' }, value: Number.POSITIVE_INFINITY, exemplar: undefined },
    { name: 'd', labels: { x: '#{}' }, value: Number.NaN, exemplar: { labels: {}, value: 1, time: undefined } },
    {
      name: 'e',
      labels: { le: '0.1' },
      value: 3,
      exemplar: { labels: { trace_id: 't' }, value: 0.05, time: 1_700_000_000_500 },
    },
    {
      name: 'f',
      labels: { le: '0.1' },
      value: 3,
      exemplar: { labels: { trace_id: 't' }, value: 0.05, time: undefined },
    },
  ])
})

test('names the line that is no sample', () => {
  for (const bad of ['<html>', 'a', 'a{x=1} 1', 'a{x="1} 1', 'a 1 # {x="1"}', 'a one', '1a 2', 'a{x="1" 1']) {
    assert.throws(() => parseOpenMetrics(`ok 1\n${bad}\n`), /line 2/, bad)
  }
})

test('takes long hostile lines in linear time', () => {
  const hostile = `a{${'x="1",'.repeat(50_000)}`
  assert.throws(() => parseOpenMetrics(hostile), /line 1/)
})
