import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { defineProblem, problemBody, sendProblem } from './problem.ts'

const invalidUrl = defineProblem('invalid-request', { status: 400, title: 'Invalid request' })
const invalidHttp = defineProblem('invalid-request', { status: 400, title: 'Invalid request' })
const requestTimeout = defineProblem('request-timeout', { status: 408, title: 'Request timeout' })
const headersTooLarge = defineProblem('headers-too-large', { status: 431, title: 'Headers too large' })

function refusal(code: string | undefined) {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout('The request did not arrive in time.')
  if (code === 'HPE_HEADER_OVERFLOW') return headersTooLarge('The path and the headers together have more than 16 KiB.')
  return invalidHttp('The request is not valid HTTP/1.1.')
}

/** Problem details also for what Fastify refuses before it has a route: no hook runs for these. */
export const malformedRequests = {
  frameworkErrors(error: Error & { code?: string }, request: FastifyRequest, reply: FastifyReply) {
    const problem = invalidUrl('The path is not valid: a % must be followed by two hexadecimal digits of UTF-8.')
    reply.header('x-request-id', request.id)
    request.log.info({ status: problem.status, code: error.code }, 'malformed request')
    return sendProblem(request, reply, problem)
  },

  clientErrorHandler(this: FastifyInstance, error: Error & { code?: string }, socket: Socket) {
    // https://nodejs.org/api/http.html#event-clienterror
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const problem = refusal(error.code)
    const body = JSON.stringify(problemBody(problem))
    socket.end(
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    )
    this.log.info({ status: problem.status, code: error.code }, 'malformed request')
  },
}
