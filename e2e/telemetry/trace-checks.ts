import assert from 'node:assert/strict'
import type { Span } from './backend.ts'

const systems: Record<string, string> = { postgresql: 'PostgreSQL' }

/** The calls that a trace shows, as `caller -> callee`: CLIENT spans with the SERVER span below, or with a database's name. */
export function edgesOf(spans: Span[]): string[] {
  const edges = spans
    .filter(({ kind }) => kind === 'client')
    .flatMap((call) => {
      const system = systems[String(call.attributes['db.system.name'])]
      const answered = spans.find(({ kind, parentSpanId }) => kind === 'server' && parentSpanId === call.spanId)
      const callee = system ?? answered?.service
      return callee ? [`${call.service} -> ${callee}`] : []
    })
  return [...new Set(edges)].sort()
}

/** One tree: exactly one span without a parent, and every other span's parent is there. */
export function assertWhole(spans: Span[]) {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  assert.equal(ids.size, spans.length, 'a span came twice')
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
  assert.deepEqual(
    roots.map(({ service, name }) => `${service} ${name}`).length,
    1,
    `roots: ${roots.map(({ service, name }) => `${service} ${name}`).join(', ') || 'none'}`,
  )
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))
  assert.deepEqual(
    orphans.map(({ service, name }) => `${service} ${name}`),
    [],
    'spans without their parent',
  )
}

/** SQL text is there, with placeholders instead of what people sent. */
export function assertSanitised(spans: Span[], secrets: string[]) {
  const texts = spans.flatMap(({ attributes }) =>
    attributes['db.system.name'] === 'postgresql' ? [String(attributes['db.query.text'] ?? '')] : [],
  )
  assert.ok(
    texts.some((text) => /^INSERT INTO orders .*\$1/s.test(text)),
    `SQL of the trace: ${texts.join('; ')}`,
  )
  for (const text of texts) {
    assert.notEqual(text, '')
    for (const secret of secrets) assert.ok(!text.includes(secret), `"${secret}" is in: ${text}`)
  }
}
