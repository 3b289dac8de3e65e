import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type Problem, problemBody, sendProblem } from './problem.ts'
import { expectationFailed, headersTooLarge, invalidRequest, methodNotAllowed, requestTimeout } from './problems.ts'

/** The answer that each connection has been promised last. */
const lastAnswers = new WeakMap<Socket, ServerResponse<IncomingMessage>>()

function refusal(code: string | undefined) {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout('The request did not arrive in time.')
  if (code === 'HPE_HEADER_OVERFLOW') {
    return headersTooLarge('The path and the headers together are larger than this server takes.')
  }
  return invalidRequest('The request is not valid HTTP/1.1.')
}

/** Answers on a connection of which Node has made no request, behind what that connection waits for already, and ends it. */
function refuse({ log, problemTypes }: FastifyInstance, socket: Socket, problem: Problem, code: string | undefined) {
  const { status, headers } = problem
  const id = randomUUID()
  const body = JSON.stringify(problemBody(problem, problemTypes))
  const lines = Object.entries({
    ...headers,
    'x-request-id': id,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const answer = () => {
    if (socket.writable) socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  }

  log.info({ reqId: id, status, code }, 'malformed request')
  const last = lastAnswers.get(socket)
  if (!last || (!last.req.complete && !last.headersSent)) answer()
  else if (last.req.complete) last.writableFinished ? answer() : last.once('finish', answer)
  else socket.destroySoon()
}

/** Options of a Fastify app: problem details also for what is refused before there is a route, for which no hook runs. */
export const malformedRequests = {
  genReqId: () => randomUUID(),

  frameworkErrors(error: Error & { code?: string }, request: FastifyRequest, reply: FastifyReply) {
    const problem = invalidRequest('The path is not valid: a % must be followed by two hexadecimal digits of UTF-8.')
    request.log.info({ status: problem.status, code: error.code }, 'malformed request')
    return sendProblem(request, reply, problem)
  },

  clientErrorHandler(this: FastifyInstance, error: Error & { code?: string }, socket: Socket) {
    // https://nodejs.org/api/http.html#event-clienterror
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    refuse(this, socket, refusal(error.code), error.code)
  },
}

/** Refuses as a problem what Node itself would answer without a body or not at all, or would take although it cannot. */
export const malformedRequestPlugin = fastifyPlugin(
  async (app) => {
    const { server } = app
    // Node forgets what is beyond 2,000 headers; their bytes are limited anyhow.
    server.maxHeadersCount = 0
    server.on('request', (request, response) => lastAnswers.set(request.socket, response))
    server.on('checkExpectation', (request, response) => server.emit('request', request, response))
    server.on('connect', (_request, socket) => {
      refuse(app, socket as Socket, methodNotAllowed('This server is no proxy.', {}, { allow: '' }), 'CONNECT')
    })
    app.addHook('onRequest', ({ raw }, _reply, done) => {
      const { expect, 'transfer-encoding': coding } = raw.headers
      if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || raw.httpVersion === '1.0')) {
        // Where such a body ends is not to be trusted (RFC 9112, 6.1).
        const detail = 'The only transfer coding that is understood is chunked, in HTTP/1.1.'
        return done(invalidRequest(detail, {}, { connection: 'close' }))
      }
      const unmet = expect !== undefined && expect.toLowerCase() !== '100-continue'
      done(unmet ? expectationFailed('The only expectation that can be met is 100-continue.') : undefined)
    })
  },
  { name: 'malformed-request' },
)
