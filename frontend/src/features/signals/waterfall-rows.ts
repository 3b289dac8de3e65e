import type { LogLine } from '@hello/signals-api/log'
import type { JudgedSpan } from '@hello/signals-api/span'

export type WaterfallRow =
  | { depth: number; span: JudgedSpan; line?: never }
  | { depth: number; line: LogLine; span?: never }

/**
 * The spans of a trace as a tree by start, each log line under the span that it was written in, by time. A span whose
 * parent is not here stands at the top level, and so does a line whose span is not.
 *
 * @param lines none, when they are not to be shown
 */
export function waterfallRows(spans: JudgedSpan[], lines: LogLine[]): WaterfallRow[] {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const children = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId && known.has(parentSpanId) ? parentSpanId : null,
  )
  const linesOf = Map.groupBy(lines, ({ spanId }) => (spanId && known.has(spanId) ? spanId : null))

  /** What hangs directly below a span, the last first. */
  function below(parent: string | null, depth: number): WaterfallRow[] {
    const entries = [
      ...(children.get(parent) ?? []).map((span) => ({ at: span.start, row: { depth, span } })),
      ...(linesOf.get(parent) ?? []).map((line) => ({ at: line.time * 1000, row: { depth, line } })),
    ]
    return entries
      .sort((one, other) => one.at - other.at)
      .map(({ row }) => row)
      .reverse()
  }

  const rows: WaterfallRow[] = []
  const open = below(null, 0)
  while (open.length > 0) {
    const row = open.pop()!
    rows.push(row)
    if (row.span) open.push(...below(row.span.spanId, row.depth + 1))
  }
  // Spans that are each other's parents hang below none.
  const reached = new Set(rows.map(({ span }) => span))
  return [...rows, ...spans.filter((span) => !reached.has(span)).map((span) => ({ depth: 0, span }))]
}
