import { type Context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions'

type Init = RequestInit & { method: string; headers: Record<string, string> }

/**
 * Fetches from this page's own origin as part of a trace: a CLIENT span below `parent`, by the HTTP semantic conventions, whose
 * W3C context goes along. The query stays out of it. Without a tracer it is `fetch`.
 */
export async function tracedFetch(parent: Context, path: string, init: Init): Promise<Response> {
  const { origin, protocol, hostname, pathname, port } = new URL(path, window.location.origin)
  const span = trace.getTracer('fetch').startSpan(
    init.method,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        [ATTR_HTTP_REQUEST_METHOD]: init.method,
        [ATTR_URL_FULL]: origin + pathname,
        [ATTR_SERVER_ADDRESS]: hostname,
        [ATTR_SERVER_PORT]: Number(port) || (protocol === 'https:' ? 443 : 80),
      },
    },
    parent,
  )
  const headers = { ...init.headers }
  propagation.inject(trace.setSpan(parent, span), headers)
  try {
    const response = await fetch(path, { ...init, headers })
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, response.status)
    if (response.status >= 400) fail(span, String(response.status))
    return response
  } catch (error) {
    fail(span, (error as Error).name)
    throw error
  } finally {
    span.end()
  }
}

function fail(span: Span, type: string) {
  span.setAttribute(ATTR_ERROR_TYPE, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}
