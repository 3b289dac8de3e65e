import { internalError } from '@hello/service-kit/problems'
import type { Inject } from '../src/injection.ts'

export const injectErrors: Inject = (fault) => {
  fault.beforeHandler(async () => {
    if (await fault.hits())
      throw internalError(
        'Nothing was done: the price rules could not be read. Try again; the logs carry the trace id.',
      )
  })
}
