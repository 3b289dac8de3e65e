import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTraceStore, spanBytes } from '../trace-store.ts'
import { roomy, span, traceIdOf } from './spans.ts'

test('keeps at most maxSpans, the oldest trace out first and whole', () => {
  const traces = createTraceStore({ ...roomy, maxSpans: 10 })
  for (let trace = 1; trace <= 5; trace += 1) traces.add([1, 2, 3].map((id) => span(trace, id)))
  assert.deepEqual(
    traces.list({}, 100).traces.map(({ traceId }) => traceId),
    [5, 4, 3].map(traceIdOf),
  )
  assert.equal(traces.get(traceIdOf(2)), undefined)
  assert.deepEqual(
    { ...traces.stats(), bytes: undefined },
    { traces: 3, spans: 9, bytes: undefined, evictedTraces: 2, droppedSpans: 0 },
  )
})

test('keeps at most maxBytes, and drops a span that alone is larger', () => {
  const large = { attributes: { text: 'x'.repeat(10_000) } }
  const maxBytes = 3.5 * spanBytes(span(1, 1, large))
  const traces = createTraceStore({ ...roomy, maxBytes, maxBytesPerTrace: 2 * spanBytes(span(1, 1, large)) })
  for (let trace = 1; trace <= 20; trace += 1) traces.add([span(trace, 1, large)])
  traces.add([span(21, 1, { attributes: { text: 'x'.repeat(100_000) } })])
  const { bytes, ...counts } = traces.stats()
  assert.ok(bytes <= maxBytes && bytes > maxBytes / 2)
  assert.deepEqual(counts, { traces: 3, spans: 3, evictedTraces: 17, droppedSpans: 1 })
})

test('keeps at most maxSpansPerTrace of one trace', () => {
  const traces = createTraceStore({ ...roomy, maxSpansPerTrace: 5 })
  traces.add(Array.from({ length: 8 }, (_, index) => span(1, index + 1)))
  assert.equal(traces.get(traceIdOf(1))?.spans.length, 5)
  assert.equal(traces.stats().droppedSpans, 3)
})

test('keeps at most maxBytesPerTrace of one trace, and the others stay', () => {
  const large = { attributes: { text: 'x'.repeat(10_000) } }
  const share = 2.5 * spanBytes(span(1, 1, large))
  const traces = createTraceStore({ ...roomy, maxBytesPerTrace: share, maxBytes: 4 * share })
  for (let trace = 1; trace <= 5; trace += 1) traces.add([span(trace, 1, large)])
  for (let id = 2; id <= 50; id += 1) traces.add([span(9, id, large)])
  assert.equal(traces.get(traceIdOf(9))?.spans.length, 2)
  assert.equal(traces.stats().droppedSpans, 47)
  assert.equal(traces.stats().evictedTraces, 0)
})

test('keeps a span once that an exporter sent twice', () => {
  const traces = createTraceStore(roomy)
  traces.add([span(1, 1), span(1, 2)])
  traces.add([span(1, 1), span(1, 2), span(2, 1)])
  assert.equal(traces.get(traceIdOf(1))?.spans.length, 2)
  assert.equal(traces.get(traceIdOf(2))?.spans.length, 1)
  assert.equal(traces.stats().droppedSpans, 2)
})

test('costs the heap no more than about what it says', { timeout: 600_000 }, () => {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  const maxBytes = 32 * 1024 * 1024
  const traces = createTraceStore({ maxSpans: 1_000_000, maxBytes, maxSpansPerTrace: 100, maxBytesPerTrace: maxBytes })
  gc()
  const before = process.memoryUsage().heapUsed
  for (let trace = 1; trace <= 40_000; trace += 1) {
    traces.add(
      [1, 2, 3].map((id) =>
        span(trace, id, {
          attributes: JSON.parse(
            `{"http.request.method":"GET","http.route":"/orders/:id","url.path":"/orders/${trace}-${id}","http.response.status_code":200,"db.query.text":"SELECT ${trace} ${id} ${'x'.repeat(60)}"}`,
          ),
        }),
      ),
    )
  }
  gc()
  const used = process.memoryUsage().heapUsed - before
  assert.ok(traces.stats().evictedTraces > 0)
  assert.ok(used < 1.5 * maxBytes, `${used} bytes used for at most ${maxBytes}`)
  assert.ok(traces.stats().bytes > maxBytes / 2)
})
