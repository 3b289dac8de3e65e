import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after } from 'node:test'
import { json, type Seen, startServer } from '@hello/service-kit/testing/http-server'
import { buildApp, type GatewayConfig } from '../src/app.ts'

/** What a neighbour answers until a test says otherwise: itself and what it got. */
export const echo = (name: string) => (seen: Seen, response: Parameters<typeof json>[0]) =>
  json(response, 200, { upstream: name, method: seen.method, path: seen.path, body: seen.body })

export const settings: GatewayConfig = {
  LOG_LEVEL: 'silent',
  ALLOWED_HOSTS: 'localhost,127.0.0.1',
  PRODUCT_SERVICE_URL: 'http://127.0.0.1:1',
  INVENTORY_SERVICE_URL: 'http://127.0.0.1:1',
  ORDER_SERVICE_URL: 'http://127.0.0.1:1',
  CORS_ORIGIN: 'http://localhost:3001',
  RATE_LIMIT_PER_SECOND: 100_000,
  TRUSTED_PROXIES: '',
  OIDC_AUDIENCE: 'shop',
  CALLER_RATE_LIMIT_PER_SECOND: 100,
}

/** A listening gateway, closed after the test file. */
export async function startGateway(config: Partial<GatewayConfig> = {}) {
  const app = await buildApp({ ...settings, ...config })
  after(() => app.close())
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

/** A listening gateway before three servers that record what they get. */
export async function startGatewayWithUpstreams(config: Partial<GatewayConfig> = {}) {
  const product = await startServer(echo('product'))
  const inventory = await startServer(echo('inventory'))
  const order = await startServer(echo('order'))
  const gateway = await startGateway({
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL: inventory.url,
    ORDER_SERVICE_URL: order.url,
    ...config,
  })
  return { ...gateway, upstreams: { product, inventory, order } }
}

export interface RawOptions {
  method?: string
  headers?: Record<string, string | string[]>
  /** Pieces of a body, sent without content-length unless a header says so. */
  body?: string[]
}

/** Sends a request exactly as given: unlike fetch it neither resolves dots nor reserves headers. */
export async function raw(url: string, path: string, { method = 'GET', headers = {}, body = [] }: RawOptions = {}) {
  const { hostname, port } = new URL(url)
  const sent = request({ hostname, port, path, method, headers })
  const response = Promise.withResolvers<import('node:http').IncomingMessage>()
  sent.on('response', response.resolve).on('error', response.reject)
  for (const piece of body) sent.write(piece)
  sent.end()
  const incoming = await response.promise
  const answer = await text(incoming)
  return { status: incoming.statusCode!, headers: incoming.headers, rawHeaders: incoming.rawHeaders, body: answer }
}
