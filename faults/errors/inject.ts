import { internalError } from '@hello/service-kit/problems'
import { isObserved } from '@hello/telemetry/request-end'
import type { Inject } from '../src/injection.ts'

export const injectErrors: Inject = (fault, { app }) => {
  app.addHook('preHandler', async (request) => {
    if (isObserved(request) && (await fault.hits()))
      throw internalError(
        'Nothing was done: the price rules could not be read. Try again; the logs carry the trace id.',
      )
  })
}
