/**
 * `--import` it after telemetry's preload: what else could make the span of the handler, below telemetry's SERVER span.
 * HANDLER_BY names it.
 */
const { subscribe } = require('node:diagnostics_channel')
const { context, trace } = require('@opentelemetry/api')

const handlerSpan = Symbol('handlerSpan')
const makers = {
  /** instrumentation-fastify as it comes: it patches the module, and each hook is a span as well. */
  library() {
    const { register } = require('import-in-the-middle/register-hooks.mjs')
    const { FastifyInstrumentation } = require('@opentelemetry/instrumentation-fastify')
    register({ include: ['fastify'] })
    new FastifyInstrumentation()
  },

  /** Its successor, without spans for hooks; it has a span for the request as well, which cannot be turned off. */
  '@fastify/otel'() {
    const { FastifyOtelInstrumentation } = require('@fastify/otel')
    new FastifyOtelInstrumentation({ registerOnInitialization: true, instrumentHooks: false })
  },

  own() {
    const tracer = trace.getTracer('bench')
    subscribe('fastify.initialization', ({ fastify }) => {
      fastify.decorateRequest(handlerSpan, undefined)
      fastify.addHook('preHandler', (request, _reply, done) => {
        const active = context.active()
        if (!trace.getSpan(active)?.isRecording()) return done()
        const span = tracer.startSpan('handler')
        request[handlerSpan] = span
        context.with(trace.setSpan(active, span), done)
      })
      fastify.addHook('onSend', (request, _reply, payload, done) => {
        request[handlerSpan]?.end()
        request[handlerSpan] = undefined
        done(null, payload)
      })
    })
  },
}

makers[process.env.HANDLER_BY]()
