import type { FastifyRequest } from 'fastify'
import { defineProblem } from './problem.ts'
import { deadlineHeader } from './upstream.ts'

/** What is left for the way back to the caller, in milliseconds. */
const margin = 100

const problem = defineProblem('deadline-exceeded', { status: 408, title: 'Deadline exceeded' })

/** 408, for it is the caller's time that is over and no failure of the service: nothing was done. */
export const deadlineExceeded = () =>
  problem('The deadline of the call passed before anything was done; call again with more time.')

/**
 * The moment by which a request must be answered: what the caller set with `x-request-deadline`, but never later than
 * `most` milliseconds from now. For services that only the shop's own services reach: who answers strangers keeps to its own
 * time (docs/adr/0005-what-crosses-the-edge.md).
 *
 * @returns milliseconds since 1970
 * @throws Problem 408 when the caller's moment has passed
 */
export function deadlineOf(request: FastifyRequest, most: number): number {
  const now = Date.now()
  const given = Number(request.headers[deadlineHeader])
  if (!(given > 0)) return now + most
  if (given - margin <= now) throw deadlineExceeded()
  return Math.min(now + most, given - margin)
}
