import { STATUS_CODES } from 'node:http'
import { isSpanContextValid, isValidTraceId, trace } from '@opentelemetry/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'

/** RFC 9457 problem details, plus `error`, a short text, and `traceId`. */
export const ProblemDetails = Type.Object(
  {
    type: Type.String({ description: 'URI that identifies this kind of problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what is wrong and what to do next' }),
    error: Type.String({ description: 'a short text: the title, or what the route has in its place' }),
    traceId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  },
  { additionalProperties: true, description: 'RFC 9457 problem details' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** What comes before the name of a kind of problem in `type`. */
    problemTypes?: string | undefined
  }
}

/** A kind of problem: its name, which `type` ends in, and what is the same each time. */
export interface ProblemKind {
  readonly type: string
  readonly status: number
  readonly title: string
}

/** An answer that is not a success; thrown anywhere below a route, sent by the error handler. */
export class Problem extends Error {
  readonly type: string
  readonly status: number
  readonly title: string
  readonly members: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(
    { type, status, title }: ProblemKind,
    detail: string,
    members: Record<string, unknown>,
    headers: Record<string, string>,
  ) {
    super(detail)
    this.name = 'Problem'
    this.type = type
    this.status = status
    this.title = title
    this.members = members
    this.headers = headers
  }
}

/**
 * Defines a kind of problem once, in a package's or a service's problems.ts, with a stable `type`.
 *
 * @returns a factory with the kind as `kind`: `detail` says what to do, `members` are added to the body, where `error` takes
 * the place of the title as the short text, `headers` to the answer.
 */
export function defineProblem(type: string, { status, title }: Omit<ProblemKind, 'type'>) {
  const kind: ProblemKind = { type, status, title }
  const make = (detail: string, members: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    new Problem(kind, detail, members, headers)
  return Object.assign(make, { kind })
}

const unspecific = 'about:blank'

/** A problem of which nothing is known but its status (RFC 9457, 4.2.1). */
export function unspecificProblem(status: number, detail: string, headers: Record<string, string> = {}) {
  return new Problem({ type: unspecific, status, title: STATUS_CODES[status] ?? 'Refused' }, detail, {}, headers)
}

/** Of the request's own span, or of the caller's; what is not traced has a span whose id is no id. */
function traceIdOf(request: FastifyRequest): string | undefined {
  const active = trace.getActiveSpan()?.spanContext()
  if (active && isSpanContextValid(active)) return active.traceId
  const { traceparent } = request.headers
  const id = typeof traceparent === 'string' ? traceparent.split('-')[1] : undefined
  return id && isValidTraceId(id) ? id : undefined
}

/**
 * What is said of `problem` in an answer.
 *
 * @param types what comes before the name of its kind in `type`
 */
export function problemBody({ type, title, status, message, members }: Problem, types = '', traceId?: string) {
  const uri = type === unspecific ? type : types + type
  return { type: uri, title, status, detail: message, error: title, ...(traceId && { traceId }), ...members }
}

/** Sends `problem` as application/problem+json. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem) {
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, 'x-request-id': request.id })
    .type('application/problem+json')
    .send(problemBody(problem, request.server.problemTypes, traceIdOf(request)))
}

const problemContent = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
})

/** Entries for a route's `response`: each status answers with problem details. */
export function problems(statuses: Record<number, string>) {
  return Object.fromEntries(Object.entries(statuses).map(([status, text]) => [status, problemContent(text)]))
}
