import { knownMethod } from '@hello/telemetry/known-methods'
import { breakOff, isObserved, requestEnd } from '@hello/telemetry/request-end'
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** One line per request, when it has ended; the error handler has logged why where it failed. */
export class RequestLog extends LogController {
  override incomingRequest() {}

  override routeNotFound() {}

  override defaultErrorLog() {}

  /** The stream of an answer failed, or its client went away, for which the stream is ended. */
  override streamError(error: Error, request: FastifyRequest, reply: FastifyReply) {
    if (!reply.raw.destroyed) breakOff(request, error)
  }

  override requestCompleted(responseError: Error | null | undefined, request: FastifyRequest, reply: FastifyReply) {
    const { outcome, status, errorType, ...end } = requestEnd(request, reply)
    const error = outcome === 'answered' ? responseError : end.error
    const failed = error || (errorType !== undefined && outcome !== 'abandoned')
    if (!failed && !isObserved(request)) return
    const method = knownMethod(request.method)
    const line = {
      method,
      ...(method !== request.method && { method_original: request.method }),
      route: request.routeOptions.url ?? '__unknown__',
      status,
      ...(outcome !== 'answered' && { outcome }),
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      ...(error && { err: error }),
    }
    if (failed) request.log.error(line, 'request')
    else request.log.info(line, 'request')
  }
}
