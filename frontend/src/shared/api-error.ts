/**
 * The members of an RFC 9457 problem that the shop's services send; `error` is the original demo's short text.
 * `currentStock` and `requested` come with a 409 of an order.
 */
export type Problem = {
  /** A URI whose last part names the kind of problem. */
  type?: string
  title?: string
  detail?: string
  error?: string
  traceId?: string
  currentStock?: number
  requested?: number
  /** What of the request is not valid. */
  field?: string
}

type Details = { problem?: Problem; traceId?: string | undefined; retryAfterSeconds?: number | undefined }

/** A call that was not answered with success. `status` is 0 when no answer arrived at all, so its outcome is unknown. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly problem: Problem
  readonly traceId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, { problem = {}, traceId, retryAfterSeconds }: Details = {}, options?: ErrorOptions) {
    super(problem.detail ?? problem.title ?? (status === 0 ? 'No answer' : `HTTP ${status}`), options)
    this.status = status
    this.problem = problem
    this.traceId = problem.traceId ?? traceId
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Whether asking again can help: nothing arrived, or the gateway could not reach a service. */
export function isTransient(error: unknown): error is ApiError {
  return error instanceof ApiError && [0, 502, 503, 504].includes(error.status)
}
