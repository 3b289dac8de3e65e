import { setTimeout as delay } from 'node:timers/promises'
import type { Inject } from '../src/injection.ts'

export const injectRedHerring: Inject = (fault, { app }) => {
  fault.whileOn(async (signal) => {
    app.log.error({ cache: 'prices' }, 'the price cache is not reachable')
    await delay(250, undefined, { signal }).catch(() => {})
  })
}
