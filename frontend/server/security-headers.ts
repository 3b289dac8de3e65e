import helmet from '@fastify/helmet'
import fastifyPlugin from 'fastify-plugin'

/** Lets the page load nothing but this server's own files, and be framed by nobody. */
export const securityHeadersPlugin = fastifyPlugin(
  async (app) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          'img-src': ["'self'"],
          'font-src': ["'self'"],
          'connect-src': ["'self'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      // As frame-ancestors says, for browsers that do not know it.
      xFrameOptions: { action: 'deny' },
      // Whoever ends TLS in front of this server decides; on plain HTTP the header means nothing.
      strictTransportSecurity: false,
    })
  },
  { name: 'security-headers' },
)
