import type { JudgedSpan } from '@hello/signals-api/span'

/** A stretch of time that a span alone held the trace up, in microseconds since the epoch. */
export type Stretch = { from: number; to: number }

const endOf = ({ start, duration }: JudgedSpan) => start + duration

/**
 * The critical path of a trace: what would have to be shorter for the trace to be shorter. Followed back from the end of
 * the root span: a span holds the trace up while none of its children does, and of these the one that ended last does.
 * Work that goes on after its parent has ended holds nothing up.
 *
 * https://www.jaegertracing.io/docs/latest/frontend-ui/#critical-path
 *
 * @returns by span id, the stretches of the spans that are on it
 */
export function criticalPath(spans: JudgedSpan[]): Map<string, Stretch[]> {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const children = Map.groupBy(spans, ({ parentSpanId }) => parentSpanId ?? '')
  const tops = spans.filter(({ parentSpanId }) => parentSpanId === null || !known.has(parentSpanId))
  const root = tops.find(({ parentSpanId }) => parentSpanId === null) ?? longest(tops)
  const path = new Map<string, Stretch[]>()
  if (!root) return path

  const followed = [{ span: root, until: endOf(root) }]
  const seen = new Set<string>()
  while (followed.length > 0) {
    const { span, until } = followed.pop()!
    // Spans that name each other as parent would be followed for ever.
    if (seen.has(span.spanId)) continue
    seen.add(span.spanId)
    const stretches: Stretch[] = []
    let cursor = until
    const byEnd = (children.get(span.spanId) ?? []).toSorted((one, other) => endOf(other) - endOf(one))
    for (const child of byEnd) {
      // Clocks differ a little: what overlaps with less than half of itself came before.
      const before = cursor - Math.max(child.start, span.start)
      const overlap = cursor === until ? 0 : endOf(child) - cursor
      if (before <= 0 || overlap > before) continue
      const end = Math.min(endOf(child), cursor)
      if (end <= span.start) continue
      if (end < cursor) stretches.push({ from: end, to: cursor })
      followed.push({ span: child, until: end })
      cursor = Math.max(child.start, span.start)
    }
    if (span.start < cursor) stretches.push({ from: span.start, to: cursor })
    path.set(span.spanId, stretches.reverse())
  }
  return path
}

const longest = (spans: JudgedSpan[]) =>
  spans.reduce<JudgedSpan | undefined>(
    (found, span) => (found && found.duration >= span.duration ? found : span),
    undefined,
  )
