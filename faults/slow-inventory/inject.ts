import { setTimeout as delay } from 'node:timers/promises'
import type { Inject } from '../src/injection.ts'

export const injectSlowInventory: Inject = (fault) => {
  fault.beforeHandler(async () => {
    if (await fault.hits()) await delay(1500)
  })
}
