import { trace } from '@opentelemetry/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Type } from 'typebox'
import { isDatabaseUnavailable } from './database-errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The short `error` text of a 400 on this route, as in the original demo. */
    invalid?: string
  }
}

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

const invalidRequest = (error: string, detail: string, members: Record<string, unknown>) =>
  defineProblem('invalid-request', { status: 400, title: 'Invalid request', error })(detail, members)
const notFound = defineProblem('route-not-found', { status: 404, title: 'Route not found' })
const methodNotAllowed = defineProblem('method-not-allowed', { status: 405, title: 'Method not allowed' })
const internalError = defineProblem('internal-error', { status: 500, title: 'Internal server error' })
export const serviceUnavailable = defineProblem('service-unavailable', { status: 503, title: 'Service unavailable' })

const frameworkTitles: Record<number, string> = {
  400: 'Invalid request',
  413: 'Body too large',
  414: 'Path too long',
  415: 'Unsupported media type',
  429: 'Too many requests',
  503: 'Service unavailable',
}

interface FrameworkError extends Error {
  statusCode?: number
  code?: string
  validation?: { instancePath: string; message?: string; params?: Record<string, unknown> }[]
  validationContext?: string
}

/** Of a query, a parameter or a header, Ajv only says which type it is not. */
function textualMessage(
  part: string | undefined,
  { query }: FastifyRequest,
  name: string,
  params: Record<string, unknown> | undefined,
) {
  if (part === 'body') return undefined
  if (part === 'querystring' && Array.isArray((query as Record<string, unknown>)[name])) return 'must be given once'
  return params?.type === 'integer' || params?.type === 'number' ? 'must be a number in decimal digits' : undefined
}

function validationProblem(error: FrameworkError, request: FastifyRequest) {
  const [first] = error.validation!
  const path = first!.instancePath.slice(1).replaceAll('/', '.')
  const named = (first!.params?.additionalProperty ?? first!.params?.missingProperty) as string | undefined
  const field = [path, named].filter(Boolean).join('.')
  const message = first!.params?.additionalProperty
    ? 'is not a known field'
    : (textualMessage(error.validationContext, request, path, first!.params) ?? first!.message)
  return invalidRequest(
    request.routeOptions.config.invalid ?? 'Invalid request',
    `${error.validationContext ?? 'request'}${field ? ` field "${field}"` : ''} ${message}`,
    field ? { field } : {},
  )
}

function toProblem(error: FrameworkError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (request.raw.destroyed && !request.raw.complete)
    return invalidRequest('Invalid request', 'The body broke off.', {})
  if (error.validation) return validationProblem(error, request)
  if (isDatabaseUnavailable(error)) {
    return serviceUnavailable(
      'The database does not answer. Try again; with an Idempotency-Key an order is made once.',
      {},
      {
        'retry-after': '1',
      },
    )
  }
  const status = error.statusCode ?? 500
  const title = frameworkTitles[status]
  if (!title) return internalError('The service failed on this request. Its logs carry the trace id.')
  const short = status === 400 ? request.routeOptions.config.invalid : undefined
  return defineProblem(title.toLowerCase().replaceAll(' ', '-'), { status, title, error: short ?? title })(
    error.message,
    {},
    status === 503 ? { 'retry-after': '1' } : {},
  )
}

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
    .headers(problem.headers)
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

/** Answers every error and every unknown route with problem details and documents the answers all routes share. */
export const problemPlugin = fastifyPlugin(
  async (app) => {
    app.addHook('onRoute', (route) => {
      const documented = (route.schema?.response ?? {}) as Record<string, unknown>
      if (!route.schema || route.schema.hide) return
      const hasBody = Boolean(route.schema.body)
      route.schema.response = {
        ...problems({
          400: 'The request is malformed',
          404: 'Nothing is known by that name',
          ...(hasBody && { 413: 'The body is too large', 415: 'The body is not JSON' }),
          500: 'The service failed',
          503: 'The service or its database is away for the moment',
        }),
        ...documented,
      }
    })

    function unknownRoute({ url }: FastifyRequest): Problem {
      const path = url.split('?', 1)[0]!
      const allowed = app.allowedMethods(path).join(', ')
      return allowed
        ? methodNotAllowed(`${path} takes ${allowed}.`, {}, { allow: allowed })
        : notFound(`There is no ${path}; /docs lists what there is.`)
    }

    app.setErrorHandler((error: FrameworkError, request, reply) => {
      // A body that Fastify cannot read is not what is wrong where there is no route.
      const isUnreadBody = request.is404 && (error.statusCode === 400 || error.statusCode === 415)
      const problem = isUnreadBody ? unknownRoute(request) : toProblem(error, request)
      if (problem.status >= 500) request.log.error({ err: error }, problem.title)
      return sendProblem(request, reply, problem)
    })

    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, unknownRoute(request)))
  },
  { name: 'problem', dependencies: ['allowed-methods'] },
)
