import swagger from '@fastify/swagger'
import { docsRoutes } from '@hello/service-kit/openapi'
import { serviceUnavailable } from '@hello/service-kit/problems'
import type { Upstream } from '@hello/service-kit/upstream'
import fastifyPlugin from 'fastify-plugin'
import { type OpenApiDocument, publicApi } from '../public-api.ts'
import type { UpstreamName } from '../upstreams.ts'

/** Milliseconds for which a service's description is taken as it was read. */
const freshFor = 10_000
const answerWithin = 2000

/** Remembers what a service says of itself, asks again after a while, and makes do with the last answer while it is away. */
function serviceDocument(upstream: Upstream) {
  let document: OpenApiDocument | undefined
  let readAt = Number.NEGATIVE_INFINITY
  return async (): Promise<OpenApiDocument> => {
    if (document && performance.now() - readAt < freshFor) return document
    const deadline = Date.now() + answerWithin
    const answer = await upstream
      .requestJson({ method: 'GET', path: '/docs/json', deadline, repeatable: true })
      .catch(() => undefined)
    if (answer?.statusCode === 200) {
      document = answer.body as OpenApiDocument
      readAt = performance.now()
    }
    if (document) return document
    throw serviceUnavailable(
      `The ${upstream.name} service has not described itself yet and is away. Try again in a moment.`,
      {},
      { 'retry-after': '1' },
    )
  }
}

/** `/docs` and `/docs/json`: the whole public API, put together from what the services say of themselves. */
export const publicDocs = fastifyPlugin<{ issuer: string | undefined }>(
  async (app, { issuer }) => {
    const { product, inventory, order } = app.upstreams
    const read = {
      product: serviceDocument(product),
      inventory: serviceDocument(inventory),
      order: serviceDocument(order),
    }
    let services: Record<UpstreamName, OpenApiDocument>

    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'Shop', description: 'Products, stock and orders: the public API.', version: '1.0.0' },
      },
    })
    await app.register(docsRoutes, {
      uiHooks: {
        preHandler: async (request) => {
          if (!/^\/docs\/(json|yaml)$/.test(request.routeOptions.url!)) return
          const [product, inventory, order] = await Promise.all([read.product(), read.inventory(), read.order()])
          services = { product, inventory, order }
        },
      },
      transformSpecificationClone: false,
      transformSpecification: (own) => publicApi(own, services, issuer),
    })
  },
  { name: 'docs', dependencies: ['upstreams', 'problem'] },
)
