import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { traceBatch } from '../src/batch-trace.ts'

const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
trace.setGlobalTracerProvider(provider)
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const tracer = trace.getTracer('test')
afterEach(() => exporter.reset())

function request(name: string) {
  const span = tracer.startSpan(name, {}, ROOT_CONTEXT)
  return { span, context: trace.setSpan(ROOT_CONTEXT, span) }
}

/** As instrumentation-pg does. */
async function statement() {
  tracer.startSpan('insert', { kind: SpanKind.CLIENT }).end()
  return 'inserted'
}

test('one alone has the span of its statement and no other', async () => {
  const alone = request('alone')
  assert.equal(await traceBatch('insert', [alone.context], statement), 'inserted')
  assert.deepEqual(
    exporter.getFinishedSpans().map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId]),
    [['insert', alone.span.spanContext().spanId]],
  )
})

test('of several each trace shows the statement, and the batch and they link to each other', async () => {
  const requests = ['a', 'b', 'c'].map(request)
  const contexts = requests.map((one) => one.context)
  await traceBatch('insert', [ROOT_CONTEXT, ...contexts], statement)
  const spans = exporter.getFinishedSpans()
  const batch = spans.find(({ name }) => name === 'statement batch')!
  assert.equal(batch.parentSpanContext?.spanId, requests[0]!.span.spanContext().spanId)
  assert.equal(batch.attributes['db.operation.batch.size'], 4)

  const statements = spans.filter(({ name }) => name === 'insert')
  assert.deepEqual(
    new Set(statements.map((span) => span.spanContext().traceId)),
    new Set(requests.map(({ span }) => span.spanContext().traceId)),
  )
  const [own, ...others] = statements.toSorted((one) =>
    one.parentSpanContext?.spanId === batch.spanContext().spanId ? -1 : 1,
  )
  assert.equal(own!.parentSpanContext?.spanId, batch.spanContext().spanId)
  for (const other of others) {
    assert.equal(other.kind, SpanKind.CLIENT)
    assert.equal(other.attributes['db.operation.batch.size'], 4)
    assert.deepEqual(
      other.links.map((link) => link.context.spanId),
      [batch.spanContext().spanId],
    )
  }
  assert.deepEqual(
    batch.links.map((link) => link.context.spanId),
    others.map((span) => span.spanContext().spanId),
  )
})

test('a failure is on the span of each', async () => {
  const contexts = ['a', 'b'].map((name) => request(name).context)
  await assert.rejects(
    traceBatch('insert', contexts, async () => {
      throw new Error('broken')
    }),
    /broken/,
  )
  const spans = exporter.getFinishedSpans()
  assert.equal(spans.length, 2)
  for (const { status, events } of spans) {
    assert.equal(status.code, SpanStatusCode.ERROR)
    assert.equal(events[0]?.name, 'exception')
  }
})
