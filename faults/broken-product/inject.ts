import { internalError } from '@hello/service-kit/problems'
import { isObserved } from '@hello/telemetry/request-end'
import type { Inject } from '../src/injection.ts'
import { requestedProduct } from '../src/requested-product.ts'

export const injectBrokenProduct: Inject = (fault, { app }) => {
  app.addHook('preHandler', async (request) => {
    const productId = requestedProduct(request)
    if (isObserved(request) && productId && (await fault.hits({ productId })))
      throw internalError(`What is stored of ${productId} could not be read. The logs carry the trace id.`)
  })
}
