import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const collector = await startCollector()
const fixture = await startFixture(collector.url)
const duration = 'http_server_request_duration_seconds'

async function scrape(): Promise<string> {
  return (await fetch(`${fixture.managementUrl}/metrics`)).text()
}

/** Names and labels of every series, without those of the runtime, whose number is up to Node. */
function series(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line && !line.startsWith('#') && !/^(nodejs|process)_/.test(line))
    .map((line) => line.slice(0, line.indexOf(line.includes('}') ? '}' : ' ')))
    .sort()
}

describe('metrics', () => {
  test('are OpenMetrics, ended by EOF', async () => {
    const response = await fetch(`${fixture.managementUrl}/metrics`)
    assert.match(response.headers.get('content-type')!, /^application\/openmetrics-text/)
    assert.ok((await response.text()).endsWith('# EOF\n'))
  })

  test('count a request by method, route and status, with an exemplar that names its trace', async () => {
    const response = await fetch(`${fixture.url}/items/1`)
    const [, traceId, spanId] = response.headers.get('traceresponse')!.split('-')
    const text = await scrape()
    const labels = 'http_request_method="GET",http_route="/items/:id",http_response_status_code="200",error_type=""'
    assert.ok(text.includes(`${duration}_count{${labels}} 1`), text)
    assert.ok(text.includes(`trace_id="${traceId}"`))
    assert.ok(text.includes(`span_id="${spanId}"`))
    const bounds = [...text.matchAll(new RegExp(`${duration}_bucket\\{le="([^"]+)"`, 'g'))].map(([, le]) => le)
    assert.deepEqual(bounds.slice(0, 15), [
      '0.005',
      '0.01',
      '0.025',
      '0.05',
      '0.075',
      '0.1',
      '0.25',
      '0.5',
      '0.75',
      '1',
      '2.5',
      '5',
      '7.5',
      '10',
      '+Inf',
    ])
  })

  test('give a request that is not sampled no exemplar', async () => {
    const unsampled = await startFixture(collector.url, { OTEL_TRACES_SAMPLER: 'always_off' })
    await fetch(`${unsampled.url}/items/1`)
    const text = await (await fetch(`${unsampled.managementUrl}/metrics`)).text()
    assert.match(text, new RegExp(`${duration}_count\\{`))
    assert.doesNotMatch(text, /trace_id/)
  })

  test('count the requests that came without a valid traceparent, but for those that are not observed', async () => {
    const parents = await startFixture(collector.url)
    const ask = (path: string, traceparent?: string) =>
      fetch(`${parents.url}${path}`, { headers: traceparent === undefined ? {} : { traceparent } })
    const counted = async () => {
      const text = await (await fetch(`${parents.managementUrl}/metrics`)).text()
      return Number(/^http_server_requests_without_parent_total (\d+)$/m.exec(text)?.[1])
    }
    assert.equal(await counted(), 0)
    const [traceId, spanId] = ['a'.repeat(32), 'b'.repeat(16)]
    for (const flags of ['00', '01']) await ask('/items/1', `00-${traceId}-${spanId}-${flags}`)
    for (const path of ['/hidden/1', '/health']) await ask(path)
    for (const path of ['/livez', '/readyz']) await fetch(`${parents.managementUrl}${path}`)
    assert.equal(await counted(), 0)
    await ask('/items/1')
    await ask('/nowhere')
    await ask('/items/1', `00-${'0'.repeat(32)}-${spanId}-01`)
    await fetch(`${parents.url}/items/1`, { headers: { traceparent: 'nonsense', baggage: 'a=b' } })
    assert.equal(await counted(), 4)
  })

  test('count no request as one without a parent where there is no tracing', async () => {
    const plain = await startFixture(undefined)
    await fetch(`${plain.url}/items/1`)
    assert.match(
      await (await fetch(`${plain.managementUrl}/metrics`)).text(),
      /^http_server_requests_without_parent_total 0$/m,
    )
  })

  test('tell the time of the clock that stamps the lines, also where it is an hour ahead or a day behind', async () => {
    const skewed = await startFixture(collector.url)
    for (const offsetMs of [0, 3_600_000, -86_400_000]) {
      const began = Date.now()
      await fetch(`${skewed.url}/clock`, {
        method: 'POST',
        body: JSON.stringify({ offsetMs }),
        headers: { 'content-type': 'application/json' },
      })
      const text = await (await fetch(`${skewed.managementUrl}/metrics`)).text()
      const ended = Date.now()
      const told = Math.round(Number(/^process_clock_seconds (\S+)$/m.exec(text)?.[1]) * 1000)
      const line = await eventually(
        () => skewed.log.find((one) => one.msg === 'clock set' && one.offset_ms === offsetMs) ?? false,
        { everyMs: 10 },
      )
      const stamped = Date.parse(String(line.time))
      const inOrder = [began + offsetMs, stamped, told, ended + offsetMs]
      assert.deepEqual(
        inOrder.toSorted((a, b) => a - b),
        inOrder,
      )
    }
  })

  test('tell of event loop, heap, garbage collection, CPU and trace export', async () => {
    const text = await scrape()
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'nodejs_gc_duration_seconds',
      'process_cpu_seconds',
      'otel_sdk_exporter_span_exported',
    ]) {
      assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'), name)
    }
  })

  test('grow by no series over 1,000 random paths and ids', async () => {
    const ask = async (path: string) => {
      const response = await fetch(`${fixture.url}${path}`)
      await response.arrayBuffer()
    }
    const kinds = [
      () => `/items/${randomUUID()}`,
      () => `/${randomUUID()}`,
      () => `/items/${randomUUID()}/${randomUUID()}?q=${randomUUID()}`,
      () => `/%zz${randomUUID()}`,
    ]
    for (const kind of kinds) await ask(kind())
    const before = series(await scrape())
    const paths = Array.from({ length: 1000 }, (_, index) => kinds[index % kinds.length]!())
    for (let start = 0; start < paths.length; start += 100) await Promise.all(paths.slice(start, start + 100).map(ask))
    const text = await scrape()
    assert.deepEqual(series(text), before)
    assert.match(text, new RegExp(`${duration}_count\\{[^}]*http_route="__unknown__"[^}]*\\} 50\\d\\b`))
  })
})
