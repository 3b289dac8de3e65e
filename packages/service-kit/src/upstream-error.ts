/** `caller-deadline`: the caller left less time than an attempt is given, which says nothing about the upstream. */
export type UpstreamFailure =
  | 'breaker-open'
  | 'not-connected'
  | 'connection-lost'
  | 'timeout'
  | 'caller-deadline'
  | 'bad-answer'

/** The cause of a `caller-deadline` that ended the waiting here, rather than by the clock of the upstream. */
export const deadlinePassed = new Error('no answer by the caller’s deadline')

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

/** Whether `error` tells something about the upstream, rather than about its caller or the request. */
export function isUpstreamsFault(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && error.failure !== 'caller-deadline'
}
