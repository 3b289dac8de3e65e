import type { FastifyInstance } from 'fastify'
import { Pool } from 'undici'
import type { Injection } from './injection.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Makes it possible to send what a process asks of an upstream to another address.
 *
 * @returns does so until the signal is aborted, for as many of the requests as the fault is strong; what is under way then
 * breaks off
 */
export function divertUpstream(fault: Injection, app: FastifyInstance, upstream: string) {
  let elsewhere: Pool | undefined
  app.upstreamInterceptors.push((name) => (dispatch) => {
    if (name !== upstream) return dispatch
    return (options, handler) =>
      elsewhere && Math.random() < fault.ratio() ? elsewhere.dispatch(options, handler) : dispatch(options, handler)
  })
  return async (url: string, signal: AbortSignal) => {
    const pool = new Pool(url)
    elsewhere = pool
    await untilAborted(signal)
    elsewhere = undefined
    await pool.destroy()
  }
}
