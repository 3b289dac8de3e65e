import type { FastifyRequest } from 'fastify'
import { deadlineHeader, deadlineOver } from './deadline-header.ts'
import { deadlineExceeded } from './problems.ts'

/** What is left for the way back to the caller, in milliseconds. */
const margin = 100

/** 408, for it is the caller's time that is over and no failure of the service: nothing was done. */
export const nothingDone = () =>
  deadlineExceeded(
    'The deadline of the call passed before anything was done; call again with more time.',
    {},
    { [deadlineHeader]: deadlineOver },
  )

/**
 * The moment by which a request must be answered: what the caller set with `x-request-deadline`, but never later than
 * `maxTime` milliseconds from now. For services that only other services of one's own reach: who answers strangers keeps to its
 * own time (docs/adr/0005-what-crosses-the-edge.md).
 *
 * @returns milliseconds since 1970
 * @throws Problem 408 when the caller's moment has passed
 */
export function deadlineOf(request: FastifyRequest, maxTime: number): number {
  const now = Date.now()
  const given = Number(request.headers[deadlineHeader])
  if (!(given > 0)) return now + maxTime
  if (given - margin <= now) throw nothingDone()
  return Math.min(now + maxTime, given - margin)
}
