import { setTimeout as delay } from 'node:timers/promises'
import { timeBudget } from '@hello/shop/time-budget'
import type { FastifyInstance } from 'fastify'
import type { Inject, Injection } from '../src/injection.ts'
import { replaceStatement } from '../src/replace-statement.ts'
import { untilAborted } from '../src/until-aborted.ts'

/** When the order service has answered its caller, whatever it has heard by then, in milliseconds. */
const tooLate = timeBudget.order + 500

/** The units are taken in time; only the answer is late, also when the same order asks again. */
function answerLate(fault: Injection, app: FastifyInstance) {
  const late = new Set<unknown>()
  app.addHook('onSend', async (request, _reply, payload) => {
    if (fault.ratio() === 0 || request.method !== 'PUT' || request.routeOptions.url !== '/reservations/:orderId')
      return payload
    const { orderId } = request.params as { orderId: string }
    if (late.has(orderId) || (await fault.hits())) {
      late.add(orderId)
      await delay(tooLate)
    }
    return payload
  })
  fault.whileOn(async (signal) => {
    await untilAborted(signal)
    late.clear()
  })
}

/** The recovery asks for no more than none. */
function claimNothing(fault: Injection, { database }: FastifyInstance) {
  replaceStatement(database, 'order-claim-pending', ([idleSeconds, limit], run) =>
    run([idleSeconds, fault.ratio() > 0 ? 0 : limit]),
  )
}

export const injectStuckRecovery: Inject = (fault, { app, service }) => {
  if (service === 'inventory') answerLate(fault, app)
  else claimNothing(fault, app)
}
