import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** One line per request, when it is answered; the error handler has logged why where it failed. */
export class RequestLog extends LogController {
  override incomingRequest() {}

  override routeNotFound() {}

  override defaultErrorLog() {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply) {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? '__unknown__',
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      ...(error && { err: error }),
    }
    if (error || reply.statusCode >= 500) request.log.error(line, 'request')
    else request.log.info(line, 'request')
  }
}
