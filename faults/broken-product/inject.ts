import { internalError } from '@hello/service-kit/problems'
import type { Inject } from '../src/injection.ts'
import { requestedProduct } from '../src/requested-product.ts'

export const injectBrokenProduct: Inject = (fault) => {
  fault.beforeHandler(async (request) => {
    const productId = requestedProduct(request)
    if (productId && (await fault.hits({ productId })))
      throw internalError(`What is stored of ${productId} could not be read. The logs carry the trace id.`)
  })
}
