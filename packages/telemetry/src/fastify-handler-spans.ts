import { type Span, trace } from '@opentelemetry/api'
import { FastifyInstrumentation } from '@opentelemetry/instrumentation-fastify'
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from 'fastify'
import { listenTo } from './diagnostics-channels.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false` where the handler only passes a request on: the CLIENT span of the call says all that a span of the handler would. */
    handlerSpan?: boolean
  }
}

const handlerSpan = Symbol('hello.handlerSpan')
type Traced = FastifyRequest & { [handlerSpan]?: Span | undefined }

/**
 * One INTERNAL span a request around its handler, by instrumentation-fastify, which starts it and names what it belongs to.
 *
 * The library patches Fastify's module, to have a hook of its own in each new app and a span for each hook of others, and ends
 * its spans in a `send` that each reply gets. Here it is handed a constructor instead that makes no app but takes the hooks;
 * of these an app gets the one before the handler, and `onSend` ends the span (docs/adr/0003-server-spans.md).
 */
export class FastifyHandlerSpans extends FastifyInstrumentation {
  // The library's constructor enables it, before a field of this class would be set: `declare` leaves it alone.
  declare private stopListening: (() => void) | undefined

  constructor() {
    super({
      requestHook(span, { request }: { request: Traced }) {
        span.updateName('handler')
        request[handlerSpan] = span
      },
    })
  }

  /** What is to be patched when it is loaded: nothing, for Fastify announces its apps. */
  override init() {
    return []
  }

  override enable() {
    super.enable()
    this.stopListening ??= listenTo({
      'fastify.initialization': ({ fastify }: { fastify: FastifyInstance }) => this.#instrument(fastify),
    })
  }

  override disable() {
    super.disable()
    this.stopListening?.()
    this.stopListening = undefined
  }

  #instrument(app: FastifyInstance) {
    const startSpan = this.#hooks().get('preHandler')!
    app.decorateRequest(handlerSpan, undefined)
    app.addHook('preHandler', function (request, reply, done) {
      const unwanted = request.routeOptions.config.handlerSpan === false
      if (unwanted || trace.getActiveSpan()?.isRecording() === false) done()
      else startSpan.call(this, request, reply, done)
    })
    app.addHook('onSend', (request: Traced, _reply, payload, done) => {
      request[handlerSpan]?.end()
      request[handlerSpan] = undefined // an error of a later hook is sent as well
      done(null, payload)
    })
  }

  /** The hooks that the library adds to an app that it has made. */
  #hooks(): Map<string, preHandlerHookHandler> {
    const hooks = new Map<string, preHandlerHookHandler>()
    const app = { addHook: (name: string, hook: preHandlerHookHandler) => hooks.set(name, hook) }
    for (const { patch } of super.init()) patch?.({ fastify: () => app })()
    return hooks
  }
}
