import { setTimeout as delay } from 'node:timers/promises'
import { isObserved } from '@hello/telemetry/request-end'
import type { Inject } from '../src/injection.ts'

export const injectSlowInventory: Inject = (fault, { app }) => {
  app.addHook('preHandler', async (request) => {
    if (isObserved(request) && (await fault.hits())) await delay(1500)
  })
}
