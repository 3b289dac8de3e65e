import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false` leaves a route out of traces, metrics and the request log, in which only its failures appear. */
    observe?: boolean
  }
}

/**
 * - `answered`: the answer was written to its end
 * - `abandoned`: the client, or the network, closed the connection before
 * - `broken-off`: the service failed in the midst of the answer
 * - `shutdown`: the process could not wait any longer
 */
export type RequestOutcome = 'answered' | 'abandoned' | 'broken-off' | 'shutdown'

/** How a request ended, the same for its span, its metrics and its log line. */
export interface RequestEnd {
  /** When, in milliseconds of `performance.now()`. */
  at: number
  outcome: RequestOutcome
  /** Undefined where none was sent. */
  status: number | undefined
  /** What kind of error it was by the semantic conventions: the outcome, or the status of a 5xx. */
  errorType: string | undefined
  /** What broke the answer off. */
  error?: Error | undefined
}

const ended = Symbol('hello.requestEnd')
const brokenBy = Symbol('hello.brokenBy')
type Ending = FastifyRequest & { [ended]?: RequestEnd | undefined; [brokenBy]?: Error | undefined }

/** The reason with which a process that cannot wait any longer destroys a connection. */
export const shuttingDown = new Error('the process shuts down')

const unanswered = new Error('the connection closed before the answer was written')

/**
 * The requests of a connection that have not ended, with the bytes that were written to it before each; several, where a client
 * sends the next before it has an answer.
 */
const running = new WeakMap<Socket, Map<FastifyReply, number>>()

/** Whether traces, metrics and the request log tell of the route. */
export function isObserved(request: FastifyRequest): boolean {
  return request.routeOptions.config.observe !== false
}

/** Says what broke an answer off of which the client has a part. */
export function breakOff(request: FastifyRequest, error: Error) {
  ;(request as Ending)[brokenBy] = error
}

/** How a request ended whose `onResponse` hooks run; the first to ask says when. */
export function requestEnd(request: FastifyRequest, reply: FastifyReply): RequestEnd {
  const ending = request as Ending
  ending[ended] ??= describe('answered', reply.statusCode)
  return ending[ended]
}

function describe(outcome: RequestOutcome, status: number | undefined, error?: Error): RequestEnd {
  const failedAs = status !== undefined && status >= 500 ? String(status) : undefined
  return { at: performance.now(), outcome, status, errorType: outcome === 'answered' ? failedAs : outcome, error }
}

/** @param begun whether anything of the answer was written: a handler may have answered a connection that was closing */
function endUnanswered(socket: Socket, { raw, request }: FastifyReply, begun: boolean) {
  const error = (request as Ending)[brokenBy]
  const outcome = socket.errored === shuttingDown ? 'shutdown' : error ? 'broken-off' : 'abandoned'
  ;(request as Ending)[ended] = describe(outcome, begun && raw.headersSent ? raw.statusCode : undefined, error)
  raw.emit('error', error ?? unanswered)
}

/**
 * Ends each request in its `onResponse` hooks and its log line, once, also one whose connection closes before its answer is
 * written. Fastify alone ends only what is answered: its `onRequestAbort` is not called when a body was read to its end, nor for
 * a request that waits behind another, and Node closes no response that has not got the connection yet. But an error of the
 * response is an end for Fastify, and the connection closes for sure. What the handler answers later leads to nothing.
 *
 * A request is one from the moment its headers reached Fastify's hooks: also one without a route, and one of which the body
 * never comes. What Node or Fastify's router refuses before is none, and gets only the line of `malformed request`.
 */
export function endEveryRequest(app: FastifyInstance) {
  if (app.hasRequestDecorator(ended)) return
  app.decorateRequest(ended, undefined)
  app.decorateRequest(brokenBy, undefined)

  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw
    let replies = running.get(socket)
    if (!replies) {
      const those = new Map<FastifyReply, number>()
      running.set(socket, those)
      socket.once('close', () => {
        for (const [one, written] of those) endUnanswered(socket, one, socket.bytesWritten > written)
      })
      replies = those
    }
    replies.set(reply, socket.bytesWritten)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    running.get(request.raw.socket)?.delete(reply)
    done()
  })
}
