import { trace } from '@opentelemetry/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'

/** RFC 9457 problem details, plus `error` (the original demo's short text) and `traceId`. */
export const ProblemDetails = Type.Object(
  {
    type: Type.String({ description: 'stable name of this kind of problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what is wrong and what to do next' }),
    error: Type.String({ description: 'the short text of the original API' }),
    traceId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  },
  { additionalProperties: true, description: 'RFC 9457 problem details' },
)

interface ProblemOptions {
  status: number
  title: string
  error?: string
}

/** An answer that is not a success; thrown anywhere below a route, sent by the error handler. */
export class Problem extends Error {
  readonly type: string
  readonly status: number
  readonly title: string
  readonly error: string
  readonly members: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(
    type: string,
    { status, title, error = title }: ProblemOptions,
    detail: string,
    members: Record<string, unknown>,
    headers: Record<string, string>,
  ) {
    super(detail)
    this.name = 'Problem'
    this.type = `urn:hello-observability:problem:${type}`
    this.status = status
    this.title = title
    this.error = error
    this.members = members
    this.headers = headers
  }
}

/**
 * Defines a kind of problem once, with a stable `type`.
 *
 * @returns a factory: `detail` says what to do, `members` are added to the body, `headers` to the answer.
 */
export function defineProblem(type: string, options: ProblemOptions) {
  return (detail: string, members: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    new Problem(type, options, detail, members, headers)
}

export const serviceUnavailable = defineProblem('service-unavailable', { status: 503, title: 'Service unavailable' })

function traceIdOf(request: FastifyRequest): string | undefined {
  const active = trace.getActiveSpan()?.spanContext().traceId
  if (active) return active
  const traceparent = request.headers.traceparent
  return typeof traceparent === 'string' ? /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1] : undefined
}

/** What is said of `problem` in an answer. */
export function problemBody({ type, title, status, message, error, members }: Problem, traceId?: string) {
  return { type, title, status, detail: message, error, ...(traceId && { traceId }), ...members }
}

/** Sends `problem` as application/problem+json. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem) {
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, 'x-request-id': request.id })
    .type('application/problem+json')
    .send(problemBody(problem, traceIdOf(request)))
}

const problemContent = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
})

/** Entries for a route's `response`: each status answers with problem details. */
export function problems(statuses: Record<number, string>) {
  return Object.fromEntries(Object.entries(statuses).map(([status, text]) => [status, problemContent(text)]))
}
