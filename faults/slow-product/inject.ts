import { setTimeout as delay } from 'node:timers/promises'
import type { Inject } from '../src/injection.ts'
import { requestedProduct } from '../src/requested-product.ts'

/** Milliseconds; less than an order waits for the product (`timeBudget.upstreamAttempt`), so that it is slow and does not fail. */
const wait = 1500

export const injectSlowProduct: Inject = (fault) => {
  fault.beforeHandler(async (request) => {
    const productId = requestedProduct(request)
    if (productId && (await fault.hits({ productId }))) await delay(wait)
  })
}
