import type { FastifyRequest } from 'fastify'
import { deadlineHeader } from './upstream.ts'

/** What is left for the way back to the caller, in milliseconds. */
const margin = 100

/**
 * The moment by which a request must be answered: what the caller set with `x-request-deadline`, but never later than
 * `most` milliseconds from now.
 *
 * @returns milliseconds since 1970
 */
export function deadlineOf(request: FastifyRequest, most: number): number {
  const latest = Date.now() + most
  const given = Number(request.headers[deadlineHeader])
  return given > 0 ? Math.min(latest, given - margin) : latest
}
