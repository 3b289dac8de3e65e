import type { Inject } from '../src/injection.ts'
import { type Answer, replaceStatement } from '../src/replace-statement.ts'
import { untilAborted } from '../src/until-aborted.ts'
import { reserveAsBefore } from './legacy-reservation.ts'
import { mendStock } from './mend-stock.ts'

export const injectLegacyRace: Inject = (fault, { app: { database, log } }) => {
  const underWay = new Set<Promise<Answer>>()

  replaceStatement(database, 'reservation-reserve', async (values, run) => {
    if (fault.ratio() === 0) return run(values)
    const hit = fault.hits({ productId: String(values[1]) })
    const reserving = hit.then((isHit) => (isHit ? reserveAsBefore(database, values) : run(values)))
    underWay.add(reserving)
    try {
      return await reserving
    } finally {
      underWay.delete(reserving)
    }
  })

  fault.whileOn(async (signal) => {
    await untilAborted(signal)
    await Promise.allSettled(underWay)
    try {
      const products = await mendStock(database)
      log.warn({ products }, 'the stock of products was made to fit their reservations')
    } catch (error) {
      log.error(
        { err: error },
        'the stock may not fit the reservations; the runbook of ShopStockInvariantViolated mends it',
      )
    }
  })
}
