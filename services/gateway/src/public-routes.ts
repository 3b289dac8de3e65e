import type { FastifyRequest } from 'fastify'
import type { UpstreamName } from './upstreams.ts'

/** Every public path is a service's own path behind this. */
export const publicPrefix = '/api'

export interface PublicRoute {
  method: 'GET' | 'POST' | 'PUT'
  /** The service's own path, whose parameters are ids. */
  path: string
  upstream: UpstreamName
  /** Whether the service may get the request twice when the outcome of the first time is unknown (RFC 9110, 9.2.2). */
  repeatable: (request: FastifyRequest) => boolean
  /** What a caller's token has to allow, where tokens are asked for. */
  scope?: 'catalogue:write' | 'stock:write'
  /** Whether the service is told who calls, where tokens are asked for: also without one, or only with one. */
  caller?: 'optional' | 'required'
}

const always = () => true
const never = () => false
const withKey = ({ headers }: FastifyRequest) => headers['idempotency-key'] !== undefined
/** The second time the condition would fail because of the first. */
const unlessConditional = ({ headers }: FastifyRequest) =>
  headers['if-match'] === undefined && headers['if-none-match'] === undefined

/** What the gateway lets through; anything else of the services, such as /reservations, is out of reach. */
export const publicRoutes: PublicRoute[] = [
  { method: 'GET', path: '/products', upstream: 'product', repeatable: always },
  { method: 'POST', path: '/products', upstream: 'product', repeatable: never, scope: 'catalogue:write' },
  { method: 'GET', path: '/products/:id', upstream: 'product', repeatable: always },
  { method: 'GET', path: '/inventory', upstream: 'inventory', repeatable: always },
  { method: 'GET', path: '/inventory/:productId', upstream: 'inventory', repeatable: always },
  {
    ...{ method: 'PUT', path: '/inventory/:productId', upstream: 'inventory', repeatable: unlessConditional },
    scope: 'stock:write',
  },
  { method: 'POST', path: '/inventory/check', upstream: 'inventory', repeatable: always },
  { method: 'GET', path: '/orders', upstream: 'order', repeatable: always, caller: 'required' },
  { method: 'POST', path: '/orders', upstream: 'order', repeatable: withKey, caller: 'optional' },
  { method: 'GET', path: '/orders/:id', upstream: 'order', repeatable: always, caller: 'optional' },
]
