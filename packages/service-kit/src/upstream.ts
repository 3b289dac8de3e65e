import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  SamplingBreaker,
} from 'cockatiel'
import type { Dispatcher } from 'undici'
import { defineProblem, Problem } from './problem.ts'
import { openReplicas } from './replicas.ts'
import { Exchange, type UpstreamAnswer } from './upstream-exchange.ts'

/** The header that carries the moment, in milliseconds since 1970, after which nobody waits for the answer. */
export const deadlineHeader = 'x-request-deadline'

/** `caller-deadline`: the caller left less time than an attempt is given, which says nothing about the upstream. */
export type UpstreamFailure =
  | 'breaker-open'
  | 'not-connected'
  | 'connection-lost'
  | 'timeout'
  | 'caller-deadline'
  | 'bad-answer'

/** The upstream gave no answer, or none that could be understood. */
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
  /** The pool to an upstream was made. */
  onOpen?(upstream: string): void
  /** One attempt ended after `seconds`; `outcome` is the status code or the failure. */
  onAttempt?(upstream: string, method: string, seconds: number, outcome: string): void
  onRetry?(upstream: string, attempt: number): void
  onBreaker?(upstream: string, state: BreakerState): void
  /** A call was turned away because the breaker is open. */
  onRefused?(upstream: string): void
}

export interface UpstreamOptions {
  /** The upstream's service name. */
  name: string
  /** Base URL, or several separated by commas to spread requests over. */
  url: string
  /** Most time of one attempt until there is an answer, in milliseconds; begins when the request's body has been sent. */
  attemptTimeout: number
  observer?: UpstreamObserver
}

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

const requestTimeout = defineProblem('request-timeout', { status: 408, title: 'Request timeout' })
const incompleteBody = () => requestTimeout('The body did not arrive in time.', {}, { connection: 'close' })

const mostRetries = 2
/** How long a replica that says `connection: close` may be about to close its listener, in milliseconds. */
const shutdownTime = 5000
/** After so many milliseconds a replica that could not be reached is tried again. */
const reconnectTime = 1000
const retryStatuses = new Set([502, 503, 504])
const breakerStates: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}

const connections = {
  connect: { timeout: 1000 },
  headersTimeout: 30_000,
  bodyTimeout: 10_000,
  // Below the delay with which a pod shuts down, so that no request goes out on a connection just as its idle end closes it
  // (docs/adr/0002-gateway.md). The maximum overrules what the upstream offers.
  keepAliveTimeout: 3000,
  keepAliveMaxTimeout: 3000,
}

const late = new Error('no answer in time')
const deadlinePassed = new Error('no answer by the caller’s deadline')

const isUpstreamsFault = (error: unknown) => error instanceof UpstreamError && error.failure !== 'caller-deadline'

function failureOf(error: Error & { code?: string }, started: boolean): UpstreamFailure {
  if (error === deadlinePassed) return 'caller-deadline'
  if (error === late || error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT')
    return 'timeout'
  return started ? 'connection-lost' : 'not-connected'
}

/** Opens a connection pool to an upstream, with time-outs, bounded retries with jitter and a circuit breaker. */
export function createUpstream({ name, url, attemptTimeout, observer = {} }: UpstreamOptions): Upstream {
  const replicas = openReplicas(url, connections)
  const backoff = new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 })
  const breaker = circuitBreaker(handleWhen(isUpstreamsFault), {
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
    halfOpenAfter: 1000,
  })
  breaker.onStateChange((state) => observer.onBreaker?.(name, breakerStates[state]))
  observer.onOpen?.(name)

  /** @throws UpstreamError, or the Problem of the body */
  async function attempt({ method, path, headers, body = null, deadline }: UpstreamRequest): Promise<UpstreamAnswer> {
    const left = deadline - Date.now()
    if (left <= 0) throw new UpstreamError(name, 'caller-deadline', false, { cause: deadlinePassed })
    const [limit, tooLate] = left < attemptTimeout ? [left, deadlinePassed] : [attemptTimeout, late]
    const replica = replicas.next()
    const exchange = new Exchange(method)
    const timer = setTimeout(
      () => exchange.abort(exchange.started && !exchange.sent ? incompleteBody() : tooLate),
      limit,
    )
    if (body !== null) exchange.onSent = () => timer.refresh()
    const started = performance.now()
    let outcome = 'caller-failed'
    try {
      replica.pool.dispatch(
        { method, path, headers: { ...headers, [deadlineHeader]: String(deadline) }, body: body as Buffer | null },
        exchange,
      )
      const answer = await exchange.answer
      outcome = String(answer.statusCode)
      if (answer.headers.connection === 'close') replica.avoid(shutdownTime)
      return answer
    } catch (error) {
      if (error instanceof Problem) throw error
      const failure = failureOf(error as Error, exchange.started)
      outcome = failure
      if (failure === 'not-connected') replica.avoid(reconnectTime)
      throw new UpstreamError(name, failure, exchange.started, { cause: error })
    } finally {
      clearTimeout(timer)
      observer.onAttempt?.(name, method, (performance.now() - started) / 1000, outcome)
    }
  }

  async function attempts(request: UpstreamRequest): Promise<UpstreamAnswer> {
    let maybeProcessed = false
    let failure: UpstreamFailure = 'caller-deadline'
    let pause: IBackoff<unknown> | undefined
    for (let count = 1; ; count++) {
      const mayGoOn = () => count <= mostRetries && Date.now() < request.deadline
      try {
        const answer = await attempt(request)
        if (!request.repeatable || !retryStatuses.has(answer.statusCode) || !mayGoOn()) return answer
        if (answer.body instanceof Readable) answer.body.destroy()
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        maybeProcessed ||= error.maybeProcessed
        if (isUpstreamsFault(error)) failure = error.failure
        if ((error.maybeProcessed && !request.repeatable) || !mayGoOn()) {
          throw new UpstreamError(name, failure, maybeProcessed, { cause: error.cause })
        }
      }
      observer.onRetry?.(name, count)
      pause = pause ? pause.next(undefined) : backoff.next()
      await delay(pause.duration)
    }
  }

  function refused() {
    observer.onRefused?.(name)
    return new UpstreamError(name, 'breaker-open', false)
  }

  async function request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    // The call that tests a half-open breaker is under way; waiting for it could outlast the deadline.
    if (breaker.state === CircuitState.HalfOpen) throw refused()
    try {
      return await breaker.execute(() => attempts(request))
    } catch (error) {
      throw error instanceof BrokenCircuitError ? refused() : error
    }
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
      await replicas.close()
    },
  }
}
