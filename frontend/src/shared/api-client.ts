import type { Context } from '@opentelemetry/api'
import { ApiError, type Problem } from './api-error.ts'
import { tracedFetch } from './traced-fetch.ts'

/** Longer than the gateway's own deadline, so that its 504 arrives before the browser gives up. */
const TIMEOUT_MS = 15_000

type Options = {
  body?: unknown
  headers?: Record<string, string> | undefined
  signal?: AbortSignal
  /** The trace that the call belongs to. Without one the page sends no trace context, and the server starts a trace. */
  trace?: Context
}

/** `next` is the path of the following page of a list, null on the last one. */
export type Answer<T> = { data: T; status: number; etag: string | null; next: string | null }

/**
 * Calls the shop's API (docs/api.md) on this page's own origin.
 * @param path below `/api`, with its query
 * @throws {ApiError} for any answer but 2xx, and with status 0 when none arrived in time
 */
export async function callApi<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const { body, headers, signal, trace } = options
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const init = {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  let response: Response
  let text: string
  try {
    response = await (trace ? tracedFetch(trace, `/api${path}`, init) : fetch(`/api${path}`, init))
    text = await response.text()
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, {}, { cause })
  }
  const data = parseJson(text)
  const traceId = response.headers.get('traceresponse')?.split('-')[1]
  if (!response.ok) {
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
    throw new ApiError(response.status, {
      problem: (data ?? {}) as Problem,
      traceId,
      retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
    })
  }
  if (data === undefined)
    throw new ApiError(502, { problem: { type: 'not-json', detail: 'The answer was not JSON.' }, traceId })
  return {
    data: data as T,
    status: response.status,
    etag: response.headers.get('etag'),
    next: nextPath(response.headers.get('link')),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The target of `rel="next"` in a Link header (RFC 8288), as a path below `/api`. */
function nextPath(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1]
  if (target === undefined) return null
  const url = new URL(target, window.location.origin)
  return url.pathname.replace(/^\/api(?=\/)/, '') + url.search
}
