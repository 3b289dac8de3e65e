import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Injection } from '../src/injection.ts'
import { untilAborted } from '../src/until-aborted.ts'

/** How long a reservation takes, in milliseconds: four of them a second are more than the orders of a quiet hour need. */
const serviceTime = 250

/**
 * Gives the inventory little capacity: reservations are made one after the other, also for who has gone away meanwhile. How
 * many wait is bounded by the breakers of those who ask.
 */
export function serveOneAtATime(fault: Injection, app: FastifyInstance) {
  let on: AbortSignal | undefined
  let last = Promise.resolve()

  fault.whileOn(async (signal) => {
    on = signal
    await untilAborted(signal)
    on = undefined
  })
  app.addHook('preHandler', async ({ method, routeOptions }) => {
    if (method !== 'PUT' || routeOptions.url !== '/reservations/:orderId') return
    const signal = on
    if (!signal || !(await fault.hits())) return
    last = last.then(() => delay(serviceTime, undefined, { signal })).catch(() => {})
    await last
  })
}
