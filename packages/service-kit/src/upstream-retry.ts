import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { ExponentialBackoff, type IBackoff } from 'cockatiel'
import type { UpstreamRequest } from './upstream.ts'
import { deadlinePassed, isUpstreamsFault, UpstreamError, type UpstreamFailure } from './upstream-error.ts'
import type { UpstreamAnswer } from './upstream-exchange.ts'
import type { UpstreamObserver } from './upstream-observer.ts'

const maxRetries = 2
const retryStatuses = new Set([502, 503, 504])
const backoff = new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 })

/**
 * Makes attempts until one is answered: again after a pause with jitter, at most twice, and not after the request's deadline.
 * What may have reached the upstream is sent again only where the request is repeatable.
 *
 * @throws UpstreamError of the last attempt that was the upstream's fault, or what else an attempt threw
 */
export async function withRetries(
  upstream: string,
  request: UpstreamRequest,
  attempt: () => Promise<UpstreamAnswer>,
  observer: UpstreamObserver,
): Promise<UpstreamAnswer> {
  let maybeProcessed = false
  let failure: UpstreamFailure = 'caller-deadline'
  let pause: IBackoff<unknown> | undefined
  for (let count = 1; ; count++) {
    const mayGoOn = () => count <= maxRetries && Date.now() < request.deadline
    try {
      const answer = await attempt()
      if (!request.repeatable || !retryStatuses.has(answer.statusCode) || !mayGoOn()) return answer
      // Its own database, for one, may not have told it what became of a statement.
      maybeProcessed = true
      if (answer.body instanceof Readable) answer.body.destroy()
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      maybeProcessed ||= error.maybeProcessed
      if (isUpstreamsFault(error)) failure = error.failure
      // A timer may fire some milliseconds before Date.now() says so.
      const over = error.cause === deadlinePassed || !mayGoOn()
      if (over || (error.maybeProcessed && !request.repeatable)) {
        throw new UpstreamError(upstream, failure, maybeProcessed, { cause: error.cause })
      }
    }
    observer.onRetry?.(upstream, count)
    pause = pause ? pause.next(undefined) : backoff.next()
    await delay(pause.duration)
  }
}
