import { nothingDone } from '@hello/service-kit/deadline'
import { toCents } from '@hello/service-kit/money'
import { serviceUnavailable } from '@hello/service-kit/problems'
import { createUpstream } from '@hello/service-kit/upstream'
import { UpstreamError } from '@hello/service-kit/upstream-error'
import type { Product } from '@hello/shop/api/product'
import { timeBudget } from '@hello/shop/time-budget'
import fastifyPlugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    productClient: ProductClient
    /** By id, the one that was remembered first at first. */
    rememberedProducts: Map<string, OrderedProduct>
  }
}

interface OrderedProduct {
  name: string
  priceCents: number
}

export interface ProductClient {
  /**
   * Looks up what is being ordered. A product never changes, so that it is asked for once (docs/adr/0006-order-protocol.md).
   *
   * @param deadline milliseconds since 1970
   * @returns undefined when there is no such product
   * @throws Problem 503 when the product service gives no answer, 408 when the deadline left it no time
   */
  find(productId: string, deadline: number): Promise<OrderedProduct | undefined>
}

/** Most products that are remembered: with the longest names some 5 MB. */
const maxRemembered = 10_000

const away = () =>
  serviceUnavailable(
    'The product service does not answer; nothing was ordered. Try again in a moment.',
    {},
    { 'retry-after': '1' },
  )

export const productClientPlugin = fastifyPlugin<{ url: string }>(
  async (app, { url }) => {
    const product = createUpstream({
      name: 'product',
      url,
      attemptTimeout: timeBudget.upstreamAttempt,
      observer: app.upstreamObserver,
      interceptors: app.upstreamInterceptors,
    })
    app.addHook('onClose', () => product.close())
    const { client } = app.metrics
    const lookups = new client.Counter({
      name: 'shop_product_lookups_total',
      help: 'Products looked up for an order: hit where it was remembered, miss where the product service was asked',
      labelNames: ['result'],
      registers: [client.register],
    })
    for (const result of ['hit', 'miss']) lookups.inc({ result }, 0)
    const remembered = new Map<string, OrderedProduct>()

    function remember(productId: string, ordered: OrderedProduct) {
      if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!)
      remembered.set(productId, ordered)
      return ordered
    }

    app.decorate('rememberedProducts', remembered)
    app.decorate('productClient', {
      async find(productId, deadline) {
        const known = remembered.get(productId)
        lookups.inc({ result: known ? 'hit' : 'miss' })
        if (known) return known
        try {
          const { statusCode, body } = await product.requestJson({
            method: 'GET',
            path: `/products/${productId}`,
            deadline,
            repeatable: true,
          })
          if (statusCode === 404) return undefined
          if (statusCode !== 200) throw away()
          const { name, price } = body as Product
          return remember(productId, { name, priceCents: toCents(price)! })
        } catch (error) {
          if (!(error instanceof UpstreamError)) throw error
          throw error.failure === 'caller-deadline' ? nothingDone() : away()
        }
      },
    })
  },
  { name: 'product-client', dependencies: ['upstream-observer', 'metrics'] },
)
