import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportStatus } from '@hello/telemetry/export-status'
import { TailSamplingProcessor } from '@hello/telemetry/tail-sampling'
import { context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const maxHeld = 4

function startTracer() {
  const exporter = new InMemorySpanExporter()
  const processor = new TailSamplingProcessor(
    new SimpleSpanProcessor({ exporter }),
    { ratio: 0, slowMs: 60_000 },
    maxHeld,
  )
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test')
  return {
    start: (name: string, parent?: Span) =>
      tracer.startSpan(name, {}, parent ? trace.setSpan(context.active(), parent) : ROOT_CONTEXT),
    names: () => exporter.getFinishedSpans().map(({ name }) => name),
  }
}

function fail(span: Span) {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

test('spans that are held beyond the limit are dropped and counted, and what fails after is kept', () => {
  const { start, names } = startTracer()
  const before = exportStatus.dropped
  const root = start('root')
  for (let n = 0; n <= maxHeld; n++) start('child', root).end()
  start('late child', root).end()
  assert.equal(exportStatus.dropped - before, maxHeld + 2)
  fail(root)
  assert.deepEqual(names(), ['root'])
})

test('traces that never end give way to others', () => {
  const { start, names } = startTracer()
  for (let n = 0; n < maxHeld * 2; n++) start('never ends')
  const root = start('root')
  start('child', root).end()
  fail(root)
  assert.deepEqual(names(), ['child', 'root'])
})

test('a trace that is over leaves no room taken', () => {
  const { start, names } = startTracer()
  const before = exportStatus.dropped
  for (let n = 0; n < maxHeld * 3; n++) {
    const root = start('root')
    start('child', root).end()
    root.end()
  }
  assert.equal(exportStatus.dropped, before)
  assert.deepEqual(names(), [])
})
