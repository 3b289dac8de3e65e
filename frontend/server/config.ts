import { faultSettings } from '@hello/faults/settings'
import { edgeSettings, port, serviceSettings, upstreamUrl } from '@hello/service-kit/config'
import { type Static, Type } from 'typebox'

const optionalUrl = (description: string) => Type.Optional(Type.String({ pattern: '^https?://', description }))

export const Config = Type.Object({
  ...serviceSettings,
  ...faultSettings,
  ...edgeSettings,
  PORT: port(3001),
  MANAGEMENT_PORT: port(9184),
  GATEWAY_SERVICE_URL: upstreamUrl('http://127.0.0.1:8080'),
  OTLP_HTTP_ENDPOINT: optionalUrl('OTLP/HTTP receiver of the browser’s traces'),
  SIGNALS_URL: optionalUrl('local signals API, for the Signals page'),
  ALERTMANAGER_URL: optionalUrl('Alertmanager, for the Alerts view'),
  ALERT_SILENCES: Type.Boolean({
    default: false,
    description: 'whether whoever reaches the page may make and end silences',
  }),
  FAULTS_PAGE: Type.Boolean({
    default: false,
    description: 'whether whoever reaches the page may break the shop on purpose, and heal it; needs FAULTS_FILE',
  }),
  LAB_URL: optionalUrl('program of make lab, for the Lab view'),
  OIDC_ISSUER: optionalUrl('OpenID provider at which customers sign in, the gateway’s own; needs the next three'),
  OIDC_CLIENT_ID: Type.Optional(Type.String({ minLength: 1, description: 'what the provider calls the page' })),
  PAGE_URL: optionalUrl(
    'the page’s own address, as a browser reaches it; the provider sends browsers to /auth/callback of it',
  ),
  SESSION_SECRET: Type.Optional(
    Type.String({ minLength: 32, description: 'seals the cookies of sessions; the same in every replica' }),
  ),
  OIDC_CLIENT_SECRET: Type.Optional(Type.String({ minLength: 1, description: 'of a client that is not public' })),
  OIDC_SCOPE: Type.String({
    default: 'openid profile catalogue:write stock:write',
    pattern: '^openid( |$)',
    description:
      'what is asked for; with offline_access some providers give tokens by which a session outlives its first',
  }),
  JAEGER_URL: optionalUrl('Jaeger, as a person’s browser reaches it'),
  GRAFANA_URL: optionalUrl('Grafana, as a person’s browser reaches it'),
})

export type FrontendConfig = Omit<Static<typeof Config>, 'HOST' | 'PORT' | 'MANAGEMENT_PORT' | 'SHUTDOWN_DELAY_MS'>
