import { Readable } from 'node:stream'
import { deadlineHeader, deadlineOver } from './deadline-header.ts'
import { Problem } from './problem.ts'
import { bodyLate } from './request-body.ts'
import type { UpstreamOptions, UpstreamRequest } from './upstream.ts'
import { deadlinePassed, UpstreamError, type UpstreamFailure } from './upstream-error.ts'
import { Exchange, type UpstreamAnswer } from './upstream-exchange.ts'
import { openReplicas } from './upstream-replicas.ts'

const connections = {
  connect: { timeout: 1000 },
  headersTimeout: 30_000,
  bodyTimeout: 10_000,
  // Below the delay with which a pod shuts down, so that no request goes out on a connection just as its idle end closes it
  // (docs/adr/0002-gateway.md). The maximum overrules what the upstream offers.
  keepAliveTimeout: 3000,
  keepAliveMaxTimeout: 3000,
}

/** How long a replica that says `connection: close` may be about to close its listener, in milliseconds. */
const shutdownTime = 5000
/** After so many milliseconds a replica that could not be reached is tried again. */
const reconnectTime = 1000

const late = new Error('no answer in time')
const passedThere = new Error('the caller’s deadline has passed by the upstream’s clock')

function failureOf(error: Error & { code?: string }, started: boolean): UpstreamFailure {
  if (error === deadlinePassed) return 'caller-deadline'
  if (error === late || error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT')
    return 'timeout'
  return started ? 'connection-lost' : 'not-connected'
}

/** Opens connection pools to an upstream's replicas, over which a request is sent once, with time-outs. */
export function openAttempts({ name, url, attemptTimeout, observer = {}, interceptors = [] }: UpstreamOptions) {
  const replicas = openReplicas(
    url,
    connections,
    interceptors.map((intercept) => intercept(name)),
  )

  return {
    /** @throws UpstreamError, or the Problem of the body */
    async attempt({ method, path, headers = {}, body = null, deadline }: UpstreamRequest): Promise<UpstreamAnswer> {
      const left = deadline - Date.now()
      if (left <= 0) throw new UpstreamError(name, 'caller-deadline', false, { cause: deadlinePassed })
      const [limit, tooLate] = left < attemptTimeout ? [left, deadlinePassed] : [attemptTimeout, late]
      const replica = replicas.next()
      const exchange = new Exchange(method)
      const timer = setTimeout(() => exchange.abort(exchange.started && !exchange.sent ? bodyLate() : tooLate), limit)
      if (body !== null) exchange.onSent = () => timer.refresh()
      const started = performance.now()
      let outcome = 'caller-failed'
      try {
        replica.dispatcher.dispatch({ method, path, headers, body: body as Buffer | null }, exchange)
        const answer = await exchange.answer
        outcome = String(answer.statusCode)
        if (answer.headers.connection === 'close') replica.avoid(shutdownTime)
        if (answer.headers[deadlineHeader] !== deadlineOver) return answer
        // The time is this side's own, and the refusal not for the client behind it.
        if (answer.body instanceof Readable) answer.body.destroy()
        outcome = 'caller-deadline'
        throw new UpstreamError(name, 'caller-deadline', false, { cause: passedThere })
      } catch (error) {
        if (error instanceof Problem || error instanceof UpstreamError) throw error
        const failure = failureOf(error as Error, exchange.started)
        outcome = failure
        if (failure === 'not-connected') replica.avoid(reconnectTime)
        throw new UpstreamError(name, failure, exchange.started, { cause: error })
      } finally {
        clearTimeout(timer)
        observer.onAttempt?.(name, method, (performance.now() - started) / 1000, outcome)
      }
    },
    close: () => replicas.close(),
  }
}
