import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { Dispatcher } from 'undici'
import { deadlineHeader } from './deadline-header.ts'
import { openAttempts } from './upstream-attempt.ts'
import { upstreamBreaker } from './upstream-breaker.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamAnswer } from './upstream-exchange.ts'
import type { UpstreamObserver } from './upstream-observer.ts'
import { withRetries } from './upstream-retry.ts'

export interface UpstreamOptions {
  /** The upstream's service name. */
  name: string
  /** Base URL, or several separated by commas to spread requests over. */
  url: string
  /** Most time of one attempt until there is an answer, in milliseconds; begins when the request's body has been sent. */
  attemptTimeout: number
  observer?: UpstreamObserver
  /** What each attempt goes through on its way to the network, made for the upstream of this name. */
  interceptors?: UpstreamInterceptor[]
}

/** Makes an interceptor of undici's for an upstream. */
export type UpstreamInterceptor = (upstream: string) => Dispatcher.DispatcherComposeInterceptor

export interface UpstreamRequest {
  method: Dispatcher.HttpMethod
  path: string
  headers?: Record<string, string | string[] | undefined>
  /**
   * An iterable is read anew for each attempt, so it must begin at the beginning each time. A Problem that it throws ends the
   * request and is not held against the upstream.
   */
  body?: string | Buffer | AsyncIterable<Uint8Array> | null | undefined
  /** Milliseconds since 1970; no attempt begins after it. */
  deadline: number
  /** Whether the request may be sent again when the outcome of an attempt is unknown. */
  repeatable: boolean
}

export interface Upstream {
  readonly name: string
  /**
   * Sends a request, again after a pause where that is safe, and resolves with the upstream's answer of whatever status.
   *
   * @throws UpstreamError when there is no answer by the deadline, or at once while the breaker is open
   * @throws Problem what the body threw, or 408 when the body did not arrive in time
   */
  request(request: UpstreamRequest): Promise<UpstreamAnswer>
  /**
   * As `request`, with the answer's JSON.
   *
   * @throws UpstreamError also when the answer is not JSON
   */
  requestJson(request: UpstreamRequest): Promise<{ statusCode: number; body: unknown }>
  close(): Promise<void>
}

/** Opens a connection pool to an upstream, with time-outs, bounded retries with jitter and a circuit breaker. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { name, observer = {} } = options
  const { attempt, close } = openAttempts(options)
  const guarded = upstreamBreaker(name, observer)
  observer.onOpen?.(name)

  function request(wanted: UpstreamRequest): Promise<UpstreamAnswer> {
    const headers = { ...wanted.headers, [deadlineHeader]: String(wanted.deadline) }
    return guarded(() => withRetries(name, wanted, () => attempt({ ...wanted, headers }), observer))
  }

  return {
    name,
    request,
    async requestJson(wanted) {
      const { statusCode, body } = await request(wanted)
      try {
        return { statusCode, body: body instanceof Readable ? await json(body) : JSON.parse(body.toString()) }
      } catch (cause) {
        throw new UpstreamError(name, 'bad-answer', true, { cause })
      }
    },
    async close() {
      await close()
    },
  }
}
