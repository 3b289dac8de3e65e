import type {} from '@hello/service-kit/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { Injection } from '../src/injection.ts'
import { untilAborted } from '../src/until-aborted.ts'

/**
 * Requests a second of one client address. The default of 2,000 is out of reach of a page's server and a gateway that share two
 * cores; this one is above what visitors send, and below the flood.
 */
const perSecond = 100

/** Sets the limit of a client address as for people. */
export function limitClients(fault: Injection, app: FastifyInstance) {
  fault.whileOn(async (signal) => {
    const own = app.clientLimit.perSecond
    app.clientLimit.perSecond = Math.min(own, perSecond)
    await untilAborted(signal)
    app.clientLimit.perSecond = own
  })
}
