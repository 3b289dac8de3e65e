import type { FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isDatabaseUnavailable } from './database-errors.ts'
import { malformedRequestPlugin } from './malformed-request.ts'
import { Problem, problems, sendProblem, unspecificProblem } from './problem.ts'
import * as kinds from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The short `error` text of a 400 on this route, in place of the title. */
    invalid?: string
  }
}

/** What an error of the framework, which knows no more than a status, is an instance of. */
const kindOfStatus = new Map(
  [
    kinds.invalidRequest,
    kinds.preconditionFailed,
    kinds.bodyTooLarge,
    kinds.pathTooLong,
    kinds.unsupportedMediaType,
    kinds.rangeNotSatisfiable,
    kinds.tooManyRequests,
    kinds.serviceUnavailable,
  ].map((make) => [make.kind.status, make]),
)

/** Where the framework does not say what to do next. */
const details: Record<number, string> = {
  412: 'The file is not the one that If-Match or If-Unmodified-Since names; read it again.',
  415: 'The body is not of a type that is taken here; send application/json.',
  416: 'The file has fewer bytes than Range asks for; Content-Range says how many.',
}

interface ValidationError {
  instancePath: string
  keyword: string
  message?: string
  params?: Record<string, unknown>
  parentSchema?: { description?: string }
}

/** An error of Fastify, of one of its plugins, or of http-errors, which has `expose` and `headers`. */
interface FrameworkError extends Error {
  statusCode?: number
  code?: string
  expose?: boolean
  headers?: Record<string, string>
  validation?: ValidationError[]
  validationContext?: string
}

/** What Ajv says, in words that tell what to do. */
function validationMessage(
  { keyword, message, params, parentSchema }: ValidationError,
  value: unknown,
  part: string | undefined,
) {
  if (keyword === 'additionalProperties') return 'is not a known field'
  if (keyword === 'pattern' && parentSchema?.description) return `is not as described: ${parentSchema.description}`
  if (keyword !== 'type' || part === 'body') return message
  if (Array.isArray(value)) return 'must be given once'
  return params?.type === 'string' ? message : 'must be a number in decimal digits'
}

function validationProblem(error: FrameworkError, request: FastifyRequest) {
  const first = error.validation![0]!
  const path = first.instancePath.slice(1).replaceAll('/', '.')
  const named = (first.params?.additionalProperty ?? first.params?.missingProperty) as string | undefined
  const field = [path, named].filter(Boolean).join('.')
  const part = error.validationContext
  const value = part === 'querystring' ? (request.query as Record<string, unknown>)[path] : undefined
  return kinds.invalidRequest(
    `${part ?? 'request'}${field ? ` field "${field}"` : ''} ${validationMessage(first, value, part)}`,
    { ...shortText(request), ...(field && { field }) },
  )
}

function shortText({ routeOptions: { config } }: FastifyRequest) {
  return config.invalid === undefined ? {} : { error: config.invalid }
}

/** A path that leads out of the folder of files that are served, or that no file can have. */
function isNoFile({ code, expose, statusCode }: FrameworkError): boolean {
  return code === 'FST_STATIC_FORBIDDEN_PATH' || (expose !== undefined && (statusCode === 400 || statusCode === 403))
}

function toProblem(error: FrameworkError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (request.raw.destroyed && !request.raw.complete) return kinds.invalidRequest('The body broke off.')
  if (error.validation) return validationProblem(error, request)
  if (isDatabaseUnavailable(error)) {
    return kinds.serviceUnavailable(
      'The database does not answer. Try again in a moment; something may have been done: look first, or use an Idempotency-Key.',
      {},
      { 'retry-after': '1' },
    )
  }
  const status = error.statusCode ?? 500
  if (status !== 503 && !(status >= 400 && status <= 499)) {
    return kinds.internalError('The service failed on this request. Its logs carry the trace id.')
  }
  const detail = details[status] ?? error.message
  const headers = status === 503 ? { 'retry-after': '1' } : (error.headers ?? {})
  const make = kindOfStatus.get(status)
  return make
    ? make(detail, status === 400 ? shortText(request) : {}, headers)
    : unspecificProblem(status, detail, headers)
}

export interface ProblemPluginOptions {
  /** What comes before the name of a kind of problem in `type`; without it the name is a relative reference. */
  types?: string | undefined
}

/** Answers every error and every unknown route with problem details and documents the answers all routes share. */
export const problemPlugin = fastifyPlugin<ProblemPluginOptions>(
  async (app, { types = '' }) => {
    app.decorate('problemTypes', types)
    await app.register(malformedRequestPlugin)
    app.addHook('onRoute', (route) => {
      const documented = (route.schema?.response ?? {}) as Record<string, unknown>
      if (!route.schema || route.schema.hide) return
      const { body, params } = route.schema
      route.schema.response = {
        ...problems({
          400: 'The request is malformed',
          ...(params !== undefined && { 404: 'Nothing is known by that name' }),
          405: 'The path does not take this method; `Allow` names those that it takes',
          408: 'The request did not arrive in time',
          ...(body !== undefined && { 413: 'The body is too large', 415: 'The body is not JSON' }),
          417: 'The request expects something else than `100-continue`',
          421: 'The server does not answer for the name in `Host`',
          431: 'The path and the headers together are too large',
          500: 'The service failed',
          503: 'The service or its database is away for the moment',
        }),
        ...documented,
      }
    })

    function unknownRoute({ method, url }: FastifyRequest): Problem {
      const path = url.split('?', 1)[0]!
      const methods = app.allowedMethods(path)
      const allow = methods.join(', ')
      // A route that takes the method may still say that it has nothing by that name, as those of files do.
      return methods.length === 0 || methods.includes(method)
        ? kinds.routeNotFound(`There is no ${path}; /docs lists what there is.`)
        : kinds.methodNotAllowed(`${path} takes ${allow}.`, {}, { allow })
    }

    app.setErrorHandler((error: FrameworkError, request, reply) => {
      // A body that Fastify cannot read is not what is wrong where there is no route.
      const isUnreadBody = request.is404 && (error.statusCode === 400 || error.statusCode === 415)
      const problem = isUnreadBody || isNoFile(error) ? unknownRoute(request) : toProblem(error, request)
      if (!request.raw.complete) {
        // Fastify would end the connection with the rest of the body unread, and who still sends it would not see the answer.
        reply.removeHeader('connection')
        request.raw.resume()
      }
      if (problem.status >= 500) request.log.error({ err: error }, problem.title)
      return sendProblem(request, reply, problem)
    })

    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, unknownRoute(request)))
  },
  { name: 'problem', dependencies: ['allowed-methods'] },
)
