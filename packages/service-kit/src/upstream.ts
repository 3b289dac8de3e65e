import { EventEmitter } from 'node:events'
import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  retry,
  SamplingBreaker,
  wrap,
} from 'cockatiel'
import { BalancedPool, type Dispatcher, Pool } from 'undici'

/** The header that carries the moment, in milliseconds since 1970, after which nobody waits for the answer. */
export const deadlineHeader = 'x-request-deadline'

export type UpstreamFailure = 'breaker-open' | 'not-connected' | 'connection-lost' | 'timeout'

/** The upstream gave no answer. */
export class UpstreamError extends Error {
  readonly upstream: string
  readonly failure: UpstreamFailure
  /** False when it is certain that no attempt reached the upstream. */
  readonly maybeProcessed: boolean

  constructor(upstream: string, failure: UpstreamFailure, maybeProcessed: boolean, options?: ErrorOptions) {
    super(`${upstream}: ${failure}`, options)
    this.name = 'UpstreamError'
    this.upstream = upstream
    this.failure = failure
    this.maybeProcessed = maybeProcessed
  }
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/** What an upstream tells its observers: metrics, logs and spans hang here. */
export interface UpstreamObserver {
  /** One attempt ended; `seconds` to the answer's headers, `outcome` is the status code or the failure. */
  onAttempt?(upstream: string, method: string, seconds: number, outcome: string): void
  onRetry?(upstream: string, attempt: number): void
  onBreaker?(upstream: string, state: BreakerState): void
}

export interface UpstreamOptions {
  /** The upstream's service name. */
  name: string
  /** Base URL, or several separated by commas to spread requests over. */
  url: string
  /** Most time of one attempt until the answer's headers, in milliseconds. */
  attemptTimeout?: number
  observer?: UpstreamObserver
}

export interface UpstreamRequest {
  method: Dispatcher.HttpMethod
  path: string
  headers?: Record<string, string | string[] | undefined>
  body?: Dispatcher.DispatchOptions['body']
  /** Milliseconds since 1970; no attempt outlives it. */
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
   */
  request(request: UpstreamRequest): Promise<Dispatcher.ResponseData>
  close(): Promise<void>
}

const mostRetries = 2
const retryStatuses = new Set([502, 503, 504])
const notConnectedCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])
const breakerStates: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}

function failureOf(error: Error & { code?: string }): UpstreamFailure {
  if (error instanceof AggregateError && error.errors.length) return failureOf(error.errors[0])
  if (error.code && notConnectedCodes.has(error.code)) return 'not-connected'
  if (error.code === 'UND_ERR_ABORTED' || error.code === 'UND_ERR_HEADERS_TIMEOUT') return 'timeout'
  return 'connection-lost'
}

class Attempt extends Error {
  readonly failure: UpstreamFailure
  readonly retryable: boolean
  constructor(failure: UpstreamFailure, retryable: boolean, cause?: unknown) {
    super(failure, { cause })
    this.failure = failure
    this.retryable = retryable
  }
}

/** Opens a connection pool to an upstream, with time-outs, bounded retries with jitter and a circuit breaker. */
export function createUpstream({ name, url, attemptTimeout = 2000, observer = {} }: UpstreamOptions): Upstream {
  const urls = url.split(',')
  const timeouts = {
    connect: { timeout: 1000 },
    headersTimeout: 30_000,
    bodyTimeout: 10_000,
    keepAliveTimeout: 10_000,
  }
  const pool = urls.length === 1 ? new Pool(urls[0]!, timeouts) : new BalancedPool(urls, timeouts)

  const retries = retry(
    handleType(Attempt, (failed) => failed.retryable).orWhenResult(
      (answer) => (answer as { retryable: boolean }).retryable,
    ),
    { maxAttempts: mostRetries, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }) },
  )
  retries.onRetry(({ attempt }) => observer.onRetry?.(name, attempt))
  const breaker = circuitBreaker(handleType(Attempt), {
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
    halfOpenAfter: 1000,
  })
  breaker.onStateChange((state) => observer.onBreaker?.(name, breakerStates[state]))
  const policy = wrap(breaker, retries)

  async function send({ method, path, headers, body, deadline }: UpstreamRequest) {
    const remaining = Math.min(deadline - Date.now(), attemptTimeout)
    if (remaining <= 0) throw Object.assign(new Error('the deadline has passed'), { code: 'UND_ERR_ABORTED' })
    const signal = new EventEmitter()
    const timer = setTimeout(() => signal.emit('abort'), remaining)
    const started = performance.now()
    let outcome = ''
    try {
      const answer = await pool.request({
        method,
        path,
        headers: { ...headers, [deadlineHeader]: String(deadline) },
        body: body ?? null,
        signal,
      })
      outcome = String(answer.statusCode)
      return answer
    } catch (error) {
      outcome = failureOf(error as Error)
      throw error
    } finally {
      clearTimeout(timer)
      observer.onAttempt?.(name, method, (performance.now() - started) / 1000, outcome)
    }
  }

  return {
    name,
    async request(request) {
      let maybeProcessed = false
      let unread: Dispatcher.ResponseData | undefined
      try {
        const { answer } = await policy.execute(async ({ attempt }) => {
          await unread?.body.dump()
          unread = undefined
          const again = attempt < mostRetries && request.deadline > Date.now()
          try {
            const answer = await send(request)
            unread = answer
            return { answer, retryable: again && request.repeatable && retryStatuses.has(answer.statusCode) }
          } catch (error) {
            const failure = failureOf(error as Error)
            const reached = failure !== 'not-connected'
            maybeProcessed ||= reached
            throw new Attempt(failure, again && (request.repeatable || !reached), error)
          }
        })
        return answer
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new UpstreamError(name, 'breaker-open', maybeProcessed)
        if (error instanceof Attempt) {
          throw new UpstreamError(name, error.failure, maybeProcessed, { cause: error.cause })
        }
        throw error
      }
    },
    close: () => pool.close(),
  }
}
