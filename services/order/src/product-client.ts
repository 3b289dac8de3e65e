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
  }
}

export interface ProductClient {
  /**
   * Looks up what is being ordered.
   *
   * @param deadline milliseconds since 1970
   * @returns undefined when there is no such product
   * @throws Problem 503 when the product service gives no answer, 408 when the deadline left it no time
   */
  find(productId: string, deadline: number): Promise<{ name: string; priceCents: number } | undefined>
}

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
    app.decorate('productClient', {
      async find(productId, deadline) {
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
          return { name, priceCents: toCents(price)! }
        } catch (error) {
          if (!(error instanceof UpstreamError)) throw error
          throw error.failure === 'caller-deadline' ? nothingDone() : away()
        }
      },
    })
  },
  { name: 'product-client', dependencies: ['upstream-observer'] },
)
