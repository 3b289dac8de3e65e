import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api'
import { getRPCMetadata, suppressTracing } from '@opentelemetry/core'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAnswer } from './after-answer.ts'
import { ChannelInstrumentation } from './diagnostics-channels.ts'
import { errorFields } from './error-fields.ts'
import { onListen, releaseServers } from './fastify-servers.ts'
import { knownMethod, spanMethod } from './known-methods.ts'
import { endEveryRequest, isObserved, type RequestEnd, requestEnd } from './request-end.ts'
import { requestsWithoutParent } from './requests-without-parent.ts'
import { keepTrace } from './tail-sampling.ts'
import { traceResponse, traceResponseHeader } from './trace-response.ts'

const serverSpan = Symbol('hello.serverSpan')
const serverContext = Symbol('hello.serverContext')
const failure = Symbol('hello.failure')

type Traced = FastifyRequest & {
  [serverSpan]?: Span | undefined
  [serverContext]?: Context | undefined
  [failure]?: Error | undefined
}

const untracedContext = suppressTracing(ROOT_CONTEXT)

const headerGetter: TextMapGetter<FastifyRequest['headers']> = {
  get: (headers, key) => headers[key],
  keys: Object.keys,
}

/**
 * One SERVER span a request, made in Fastify's own hooks: `METHOD route`, the attributes of the HTTP semantic conventions,
 * an error only for 5xx. For Fastify's servers it replaces the incoming half of instrumentation-http, which costs several times
 * as much (docs/adr/0003-server-spans.md). Fastify announces each instance on a diagnostics channel, so the app needs to know
 * nothing, and no module is patched.
 */
export class FastifyServerSpans extends ChannelInstrumentation {
  constructor() {
    super('fastify-server-spans')
  }

  protected listeners() {
    return {
      'fastify.initialization': ({ fastify }: { fastify: FastifyInstance }) => this.#instrument(fastify),
      'tracing:net.server.listen:asyncStart': onListen,
    }
  }

  #instrument(app: FastifyInstance) {
    releaseServers(app)
    endEveryRequest(app)
    app.decorateRequest(serverSpan, undefined)
    app.decorateRequest(serverContext, undefined)
    app.decorateRequest(failure, undefined)

    app.addHook('onRequest', (request: Traced, _reply, done) => {
      const active = this.#start(request)
      request[serverContext] = active
      context.with(active, done)
    })

    // A body is read in the socket's own asynchronous context; the rest of the request goes on in the span's.
    app.addHook('preValidation', (request: Traced, _reply, done) => {
      if (request.body === undefined) done()
      else context.with(request[serverContext]!, done)
    })

    // Which status an error gets is for the error handler to say.
    app.addHook('onError', (request: Traced, _reply, error, done) => {
      request[failure] = error
      done()
    })

    // Not before: what happens until then may be why the trace is kept.
    app.addHook('onSend', (request: Traced, reply, payload, done) => {
      const span = request[serverSpan]
      if (span) {
        if (reply.statusCode >= 500) keepTrace(span)
        reply.header(traceResponseHeader, traceResponse(span))
      }
      done(null, payload)
    })

    // Metrics and log line, which follow, belong to the SERVER span, not to the handler's, in whose context the answer was sent.
    app.addHook('onResponse', (request: Traced, reply, done) => {
      const how = requestEnd(request, reply)
      afterAnswer(() => {
        end(request, how)
        context.with(request[serverContext]!, done)
      })
    })
  }

  #start(request: Traced): Context {
    if (!isObserved(request)) return untracedContext
    const route = request.routeOptions.url
    // A server that is not Fastify's has handed the request on, and has its span from instrumentation-http.
    const outer = getRPCMetadata(context.active())
    if (outer) {
      if (route !== undefined) outer.route = route
      return context.active()
    }
    const method = knownMethod(request.method)
    const parent = propagation.extract(ROOT_CONTEXT, request.headers, headerGetter)
    if (!trace.getSpanContext(parent)) requestsWithoutParent.count++
    const name = route === undefined ? spanMethod(method) : `${spanMethod(method)} ${route}`
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent)
    if (span.isRecording()) {
      const { url } = request
      const query = url.indexOf('?')
      span.setAttribute(ATTR_HTTP_REQUEST_METHOD, method)
      if (method !== request.method) span.setAttribute(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, request.method)
      span.setAttribute(ATTR_URL_PATH, query === -1 ? url : url.slice(0, query))
      span.setAttribute(ATTR_URL_SCHEME, request.protocol)
      span.setAttribute(ATTR_SERVER_ADDRESS, request.hostname)
      span.setAttribute(ATTR_NETWORK_PROTOCOL_VERSION, request.raw.httpVersion)
      if (route !== undefined) span.setAttribute(ATTR_HTTP_ROUTE, route)
      const agent = request.headers['user-agent']
      if (agent !== undefined) span.setAttribute(ATTR_USER_AGENT_ORIGINAL, agent)
      request[serverSpan] = span
    }
    return trace.setSpan(parent, span)
  }
}

function end(request: Traced, { at, status, errorType, error = request[failure] }: RequestEnd) {
  const span = request[serverSpan]
  if (!span) return
  if (status !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status)
  if (errorType !== undefined) {
    if (error) span.recordException(errorFields(error))
    span.setAttribute(ATTR_ERROR_TYPE, errorType)
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end(at)
}
