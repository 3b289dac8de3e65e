import fastifyPlugin from 'fastify-plugin'
import { invalidRequest, misdirectedRequest } from './problems.ts'

/** The names of this machine for itself. */
export const loopbackHosts = 'localhost,127.0.0.1,[::1]'

/** Whether a server that listens on `address` is reached from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.')
}

/**
 * Answers only requests for names that are the server's own. A page of a stranger may give its own name the address
 * 127.0.0.1 after it was loaded (DNS rebinding), and then reads what a server on loopback answers; its requests still carry
 * the stranger's name.
 *
 * @param allowed names without ports, separated by commas, or `*` for any
 */
export const hostPlugin = fastifyPlugin<{ allowed: string }>(
  async (app, { allowed }) => {
    const names = new Set(allowed.toLowerCase().split(','))
    const any = names.has('*')
    app.addHook('onRequest', (request, _reply, done) => {
      const { headers, httpVersion } = request.raw
      const { host = '' } = headers
      // Node itself would answer this without a body.
      if (headers.host === undefined && httpVersion !== '1.0') {
        return done(invalidRequest('The request has no Host header.'))
      }
      if (!any && !names.has(host.toLowerCase().replace(/:\d*$/, ''))) {
        return done(
          misdirectedRequest('This server does not answer for the name in Host; its names are set in ALLOWED_HOSTS.'),
        )
      }
      const { rawHeaders } = request.raw
      let given = 0
      for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]!.toLowerCase() === 'host') given++
      done(given > 1 ? invalidRequest('The request has more than one Host header.') : undefined)
    })
  },
  { name: 'host' },
)
