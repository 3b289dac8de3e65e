import { faultSettings } from '@hello/faults/settings'
import { edgeSettings, port, serviceSettings, upstreamUrl } from '@hello/service-kit/config'
import { Type } from 'typebox'

export const Config = Type.Object({
  ...serviceSettings,
  ...faultSettings,
  ...edgeSettings,
  PORT: port(8080),
  MANAGEMENT_PORT: port(9180),
  PRODUCT_SERVICE_URL: upstreamUrl('http://127.0.0.1:8081'),
  INVENTORY_SERVICE_URL: upstreamUrl('http://127.0.0.1:8082'),
  ORDER_SERVICE_URL: upstreamUrl('http://127.0.0.1:8083'),
  CORS_ORIGIN: Type.String({
    default: 'http://localhost:3001',
    pattern: '^(\\*|https?://[^,/]+(,https?://[^,/]+)*)$',
    description: 'origin of the pages that may call: one, several separated by commas, or * for any',
  }),
  OIDC_ISSUER: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description:
        'OpenID provider of whose tokens the writes of the catalogue and the stock need one, and by which orders are a customer’s; without it nobody needs one',
    }),
  ),
  OIDC_AUDIENCE: Type.String({
    default: 'hello-observability',
    minLength: 1,
    description: 'what aud of such a token must name',
  }),
  CALLER_RATE_LIMIT_PER_SECOND: Type.Integer({
    default: 100,
    minimum: 1,
    description: 'most requests that one caller may send in a second with tokens of OIDC_ISSUER',
  }),
  RATE_LIMIT_PER_SECOND: Type.Integer({
    default: 2000,
    minimum: 1,
    description: 'most requests that one client address may send in a second',
  }),
})
