import { randomUUID } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { logLines } from '@hello/telemetry/log-lines'
import { loggerOptions } from '@hello/telemetry/logging'
import { metricsPlugin } from '@hello/telemetry/metrics'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { allowedMethodsPlugin } from './allowed-methods.ts'
import { hostPlugin, loopbackHosts } from './host.ts'
import { malformedRequests } from './malformed-request.ts'
import { type OpenApiOptions, openApiPlugin } from './openapi.ts'
import { problemPlugin } from './problem-plugin.ts'
import { readinessPlugin } from './readiness.ts'
import { RequestLog } from './request-log.ts'
import { schemaPlugin } from './schema.ts'
import { upstreamObserverPlugin } from './upstream-observer.ts'

export interface AppOptions {
  /** The service's name: in logs, metrics and traces. */
  name: string
  logLevel: string
  /** Names that the server answers for, separated by commas, or `*`; this machine's own by default. */
  allowedHosts?: string
  /**
   * Most bytes of a request line and its headers. Who passes requests on takes less than whom they are passed on to, because
   * some headers are added on the way: a request that only the next server refuses would count against that server.
   */
  maxHeaderBytes?: number
  /** Most bytes of a request body. */
  bodyLimit?: number
  /** Addresses or subnets, separated by commas, whose X-Forwarded-For names the client; nobody's by default. */
  trustProxy?: string
  /** What comes before the name of a kind of problem in `type`; without it the name is a relative reference. */
  problemTypes?: string
  /** What `/docs` says; left out where the service documents itself in its own way. */
  openApi?: OpenApiOptions
}

/** Trusts a caller's request id when it is short and visible ASCII, and makes one otherwise. */
function requestId(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID()
}

/**
 * A Fastify app with what every service has: strict schemas, problem+json for every error, 405 with `Allow`, one log line
 * per request, `/health`, `/docs`, metrics, readiness. It does not listen; `serve` does.
 */
export async function createApp({
  name,
  logLevel,
  allowedHosts = loopbackHosts,
  maxHeaderBytes = 16 * 1024,
  bodyLimit = 1024 * 1024,
  trustProxy = '',
  problemTypes = '',
  openApi,
}: AppOptions) {
  const app = Fastify({
    ...malformedRequests,
    http: { maxHeaderSize: maxHeaderBytes, requireHostHeader: false },
    logger: { ...loggerOptions({ service: name, level: logLevel }), stream: logLines },
    logController: new RequestLog(),
    genReqId: requestId,
    bodyLimit,
    trustProxy: trustProxy === '' ? false : trustProxy,
    requestTimeout: 30_000,
    pluginTimeout: 60_000,
    forceCloseConnections: 'idle',
    // A request that arrives while the service drains is served like any other, with `connection: close`.
    return503OnClosing: false,
    // As much as Node takes in headers: how long an id may be is for the schemas to say.
    routerOptions: { maxParamLength: 16 * 1024 },
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  // Before whatever may refuse a request, so that this is measured too.
  await app.register(metricsPlugin)
  await app.register(hostPlugin, { allowed: allowedHosts })
  await app.register(readinessPlugin)
  await app.register(upstreamObserverPlugin)
  await app.register(allowedMethodsPlugin)
  await app.register(schemaPlugin)
  if (openApi) await app.register(openApiPlugin, openApi)
  await app.register(problemPlugin, { types: problemTypes })
  app.get(
    '/health',
    { config: { observe: false }, schema: { response: { 200: Type.Object({ status: Type.Literal('UP') }) } } },
    () => ({ status: 'UP' as const }),
  )
  return app
}

export type App = Awaited<ReturnType<typeof createApp>>
