import { faultsPlugin } from '@hello/faults/plugin'
import { createApp } from '@hello/service-kit/app'
import { edgePlugin } from '@hello/service-kit/edge'
import { problemTypes } from '@hello/shop/identity'
import { alertsRoutes } from './alerts.ts'
import { browserConfigRoute } from './browser-config.ts'
import { browserTracesRoute } from './browser-traces.ts'
import { bundleRoutes } from './bundle.ts'
import type { FrontendConfig } from './config.ts'
import { faultsRoutes } from './faults.ts'
import { labRoutes } from './lab.ts'
import { noRoutes } from './no-routes.ts'
import { passedRoutes } from './passed-routes.ts'
import { securityHeadersPlugin } from './security-headers.ts'

const builtBundle = new URL('../dist/', import.meta.url)

/**
 * The browser's one origin: serves the bundle and passes the API on.
 *
 * @param bundle the folder that `vite build` wrote
 * @throws Error when FAULTS_PAGE is set and FAULTS_FILE is not
 */
export async function buildApp(config: FrontendConfig, bundle: URL = builtBundle) {
  const app = await createApp({
    name: 'frontend',
    logLevel: config.LOG_LEVEL,
    allowedHosts: config.ALLOWED_HOSTS,
    problemTypes,
    maxHeaderBytes: 14 * 1024,
    trustProxy: config.TRUSTED_PROXIES,
    openApi: {
      title: 'Frontend',
      description: 'What the page asks its own server for, beside the shop’s API, which it passes on to the gateway.',
    },
  })
  await app.register(edgePlugin)
  await app.register(faultsPlugin, { service: 'frontend', file: config.FAULTS_FILE })
  await app.register(securityHeadersPlugin)
  const { OIDC_ISSUER } = config
  const signIn = OIDC_ISSUER ? (await import('./sign-in/open-sign-in.ts')).openSignIn(OIDC_ISSUER, config) : undefined
  await app.register(browserConfigRoute, { config, sessions: signIn?.sessions })
  await app.register(passedRoutes, {
    ...{ name: 'gateway', url: config.GATEWAY_SERVICE_URL, route: '/api/*' },
    headersOf: signIn?.authorizationOf,
  })
  if (signIn) await app.register((await import('./sign-in/routes.ts')).signInRoutes, signIn)
  else await app.register(noRoutes, { route: '/auth/*', detail: 'Nobody signs in here.' })
  if (config.SIGNALS_URL) {
    await app.register(passedRoutes, {
      name: 'signals',
      url: config.SIGNALS_URL,
      route: '/signals/api/*',
      observe: false,
    })
  }
  if (config.ALERTMANAGER_URL) {
    await app.register(alertsRoutes, { url: config.ALERTMANAGER_URL, maySilence: config.ALERT_SILENCES })
  }
  if (config.FAULTS_PAGE) {
    if (!config.FAULTS_FILE) throw new Error('FAULTS_PAGE needs FAULTS_FILE, the flags that the page sets.')
    await app.register(faultsRoutes, { file: config.FAULTS_FILE })
  } else await app.register(noRoutes, { route: '/faults/api/*', detail: 'No fault is set here.' })
  if (config.LAB_URL) await app.register(labRoutes, { url: config.LAB_URL })
  else await app.register(noRoutes, { route: '/lab/api/*', detail: 'No lab is answered here.' })
  if (config.OTLP_HTTP_ENDPOINT) {
    await app.register(browserTracesRoute, { url: config.OTLP_HTTP_ENDPOINT })
  }
  await app.register(bundleRoutes, { bundle })
  return app
}
