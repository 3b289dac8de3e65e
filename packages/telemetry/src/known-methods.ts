const known = new Set(
  (
    process.env.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS ?? 'CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,QUERY,TRACE'
  ).split(','),
)

/** What stands for a method that is not known. */
const otherMethod = '_OTHER'

/**
 * A method as all signals name it, so that no caller can make series of its own: one that the semantic conventions know, or
 * that OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS names instead, else `_OTHER`.
 *
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function knownMethod(method: string): string {
  return known.has(method) ? method : otherMethod
}

/** What the name of a request's span begins with: its method as `knownMethod` gives it, or `HTTP` where that is not known. */
export function spanMethod(method: string): string {
  return method === otherMethod ? 'HTTP' : method
}
