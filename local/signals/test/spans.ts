import type { Span } from '@hello/signals-api/span'

/** A trace store of this size keeps whatever a test adds. */
export const roomy = { maxSpans: 1000, maxBytes: 1_000_000, maxSpansPerTrace: 100, maxBytesPerTrace: 1_000_000 }

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
export const traceIdOf = (trace: number) => hex(trace, 32)

/** A span as the receiver makes it; `trace` and `id` number it. */
export function span(trace: number, id: number, rest: Partial<Span> = {}): Span {
  return {
    traceId: traceIdOf(trace),
    spanId: hex(id, 16),
    parentSpanId: id === 1 ? null : hex(1, 16),
    service: 'order',
    scope: 'test',
    name: `span ${id}`,
    kind: 'internal',
    start: 1_700_000_000_000_000 + trace * 1000,
    duration: 100,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    ...rest,
  }
}
