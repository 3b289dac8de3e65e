import type { Inject } from '../src/injection.ts'

/** So many that the rule's ten a request are passed soon, also where minutes of quiet are still in its window. */
const linesPerRequest = 100

export const injectNoisyLogs: Inject = (fault) => {
  fault.beforeHandler(async (request) => {
    if (!(await fault.hits())) return
    for (let row = 0; row < linesPerRequest; row++) request.log.info({ row }, 'compared a row of the stock')
  })
}
