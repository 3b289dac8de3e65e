import { faultsPlugin } from '@hello/faults/plugin'
import { createApp } from '@hello/service-kit/app'
import { edgePlugin } from '@hello/service-kit/edge'
import { rateLimitPlugin } from '@hello/service-kit/rate-limit'
import { problemTypes } from '@hello/shop/identity'
import type { Static } from 'typebox'
import type { Config } from './config.ts'
import { corsPlugin } from './cors.ts'
import { apiRoutes } from './routes/api.ts'
import { publicDocs } from './routes/docs.ts'
import { securityHeadersPlugin } from './security-headers.ts'
import { upstreamsPlugin } from './upstreams.ts'

export type GatewayConfig = Omit<Static<typeof Config>, 'HOST' | 'PORT' | 'MANAGEMENT_PORT' | 'SHUTDOWN_DELAY_MS'>

/** The shop's one public door. */
export async function buildApp(config: GatewayConfig) {
  const app = await createApp({
    name: 'gateway',
    logLevel: config.LOG_LEVEL,
    allowedHosts: config.ALLOWED_HOSTS,
    problemTypes,
    maxHeaderBytes: 15 * 1024,
    trustProxy: config.TRUSTED_PROXIES,
  })
  await app.register(edgePlugin)
  await app.register(faultsPlugin, { service: 'gateway', file: config.FAULTS_FILE })
  await app.register(securityHeadersPlugin)
  await app.register(corsPlugin, { origin: config.CORS_ORIGIN })
  await app.register(rateLimitPlugin, { perSecond: config.RATE_LIMIT_PER_SECOND })
  await app.register(upstreamsPlugin, {
    product: config.PRODUCT_SERVICE_URL,
    inventory: config.INVENTORY_SERVICE_URL,
    order: config.ORDER_SERVICE_URL,
  })
  if (config.OIDC_ISSUER) {
    const { accessTokenPlugin } = await import('@hello/service-kit/access-token')
    await app.register(accessTokenPlugin, {
      issuer: config.OIDC_ISSUER,
      audience: config.OIDC_AUDIENCE,
      perSecond: config.CALLER_RATE_LIMIT_PER_SECOND,
    })
  }
  await app.register(apiRoutes, { withTokens: config.OIDC_ISSUER !== undefined })
  await app.register(publicDocs, { issuer: config.OIDC_ISSUER })
  return app
}
