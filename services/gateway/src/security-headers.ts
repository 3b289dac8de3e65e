import fastifyPlugin from 'fastify-plugin'
import helmet from 'helmet'

/**
 * helmet's headers for an API: nothing may be loaded by what is answered here. They are the same for every answer, so helmet
 * is asked once; `@fastify/helmet` asks anew for each request, which costs as much as routing it (bench/gateway).
 */
export const securityHeadersPlugin = fastifyPlugin(
  async (app) => {
    const headers: Record<string, string> = {}
    const response = {
      setHeader: (name: string, value: string) => {
        headers[name.toLowerCase()] = value
      },
      removeHeader: () => {},
    }
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
      },
      xFrameOptions: { action: 'deny' },
      // Whoever ends TLS in front of this server decides; on plain HTTP the header means nothing.
      strictTransportSecurity: false,
      // For pages, old browsers and plug-ins; the OWASP REST cheat sheet asks for none of these.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    })({} as never, response as never, () => {})
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
  },
  { name: 'security-headers' },
)
