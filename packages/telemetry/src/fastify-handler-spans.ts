import { context, TraceFlags, type TracerProvider, trace } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { FastifyInstrumentation } from '@opentelemetry/instrumentation-fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const spanHolder = Symbol('hello.handlerSpanHolder')
type Traced = FastifyRequest & { [spanHolder]?: object | undefined }
type PreHandler = (this: object, request: object, reply: object, done: () => void) => void

/** Private members of the library, which is at its last version. */
const hooks = { onRequest: '_hookOnRequest', preHandler: '_hookPreHandler', send: '_patchSend' } as const

/** What the library reads of app and request for attributes that the SERVER span already has. */
const unread = { pluginName: '', routeOptions: {} }

/**
 * instrumentation-fastify, for one INTERNAL span a request around its handler. A hook is no span of its own, an error belongs
 * to the SERVER span, which knows its status, and a request that is not sampled is left alone.
 *
 * The library keeps its span on the reply, with defineProperty and delete, and gives every reply a `send` of its own to end it
 * in. Both make what Fastify does with the reply slow, so here an object of its own holds the span, until onSend.
 */
export class FastifyHandlerSpans extends FastifyInstrumentation {
  constructor() {
    super()
    const preHandler = this[hooks.preHandler]() as PreHandler
    this[hooks.onRequest] = () => (_request: FastifyRequest, _reply: unknown, done: () => void) => done()
    this[hooks.preHandler] = () => (request: Traced, _reply: unknown, done: () => void) => {
      const holder = Object.create(null) as object // a dictionary from the start
      request[spanHolder] = holder
      preHandler.call(unread, unread, holder, done)
    }
  }

  // It wraps `addHook` of each new app.
  protected override _wrap = ((app: FastifyInstance) => {
    const endSpan = this[hooks.send]()(() => {}) as (this: object) => void
    app.decorateRequest(spanHolder, undefined)
    app.addHook('onSend', (request: Traced, _reply, payload, done) => {
      const holder = request[spanHolder]
      if (holder) endSpan.call(holder)
      done(null, payload)
    })
  }) as FastifyInstrumentation['_wrap']

  // The library names a span after the plugins on the way to its route, and gives it attributes that the SERVER span has.
  override setTracerProvider(provider: TracerProvider) {
    super.setTracerProvider({
      getTracer(name, version, options) {
        const tracer = provider.getTracer(name, version, options)
        return { startSpan: () => tracer.startSpan('handler'), startActiveSpan: tracer.startActiveSpan.bind(tracer) }
      },
    })
  }

  override isEnabled(): boolean {
    const active = context.active()
    const parent = trace.getSpanContext(active)
    const traced = parent ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : !isTracingSuppressed(active)
    return traced && super.isEnabled()
  }
}
