export type AttributeValue = string | number | boolean | string[]
export type Attributes = Record<string, AttributeValue>
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export interface SpanEvent {
  name: string
  /** Microseconds since the epoch. */
  time: number
  attributes: Attributes
}

export interface SpanLink {
  traceId: string
  spanId: string
  attributes: Attributes
}

export interface Span {
  /** 32 hexadecimal digits. */
  traceId: string
  /** 16 hexadecimal digits. */
  spanId: string
  parentSpanId: string | null
  service: string
  /** The instrumentation that made the span. */
  scope: string
  name: string
  kind: SpanKind
  /** Microseconds since the epoch. */
  start: number
  /** Microseconds. */
  duration: number
  status: 'unset' | 'ok' | 'error'
  statusMessage: string
  attributes: Attributes
  events: SpanEvent[]
  links: SpanLink[]
}

/** The HTTP status of a span; undefined where there is none, or something else in its place. */
export function httpStatus(span: Span): number | undefined {
  const status = span.attributes['http.response.status_code']
  return Number.isInteger(status) ? Number(status) : undefined
}

/**
 * Whether the span tells of a failure. The semantic conventions mark a CLIENT span that got a 4xx as an error; a shop
 * that answers "not enough stock" has not failed, so such a span does not count here; nor does a SERVER span that is an error
 * because the client gave up.
 *
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
export function failed(span: Span): boolean {
  if (span.status !== 'error') return false
  if (span.kind === 'server' && span.attributes['error.type'] === 'abandoned') return false
  const status = httpStatus(span)
  return !(span.kind === 'client' && status !== undefined && status >= 400 && status < 500)
}
