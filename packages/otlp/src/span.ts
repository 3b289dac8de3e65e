import type { Span } from '@hello/signals-api/span'

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
