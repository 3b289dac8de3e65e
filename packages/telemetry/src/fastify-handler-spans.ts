import { context, TraceFlags, trace } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { FastifyInstrumentation } from '@opentelemetry/instrumentation-fastify'
import type { FastifyReply } from 'fastify'

type Send = FastifyReply['send']

/**
 * instrumentation-fastify, for one INTERNAL span a request around its handler. A hook is no span of its own, an error belongs
 * to the SERVER span, which knows its status, and a request that is not sampled is left alone.
 */
export class FastifyHandlerSpans extends FastifyInstrumentation {
  constructor() {
    // Its own name for the span is the path of plugins to the route.
    super({ requestHook: (span) => span.updateName('handler') })
  }

  // It wraps two things: `addHook` of an app once, and `send` of each reply, where shimmer's defineProperty costs 5 us.
  protected override _wrap = ((target: object, name: string, wrapper: (original: unknown) => unknown) => {
    if (name !== 'send') return
    const reply = target as { send: Send }
    const { send } = reply
    reply.send = function (this: FastifyReply, payload) {
      const endAndSend = wrapper(() => send.call(this, payload)) as (this: FastifyReply) => FastifyReply
      return endAndSend.call(this)
    }
  }) as FastifyInstrumentation['_wrap']

  override isEnabled(): boolean {
    const active = context.active()
    const parent = trace.getSpanContext(active)
    const traced = parent ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : !isTracingSuppressed(active)
    return traced && super.isEnabled()
  }
}
