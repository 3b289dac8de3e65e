import type { Inject } from '../src/injection.ts'
import { type Answer, replaceStatement } from '../src/replace-statement.ts'
import { untilAborted } from '../src/until-aborted.ts'
import { reserveAsBefore } from './legacy-reservation.ts'
import { mendStock } from './mend-stock.ts'

export const injectLegacyRace: Inject = (fault, { app: { database, log } }) => {
  const underWay = new Set<Promise<Answer>>()

  /** The statement is for many orders at once; the original demo knew no such thing. */
  async function reserveSome(values: unknown[], run: (values: unknown[]) => Promise<Answer>): Promise<Answer> {
    const [orderIds, productIds, quantities, ...rest] = values as [string[], string[], number[], ...unknown[]]
    const hit = await Promise.all(productIds.map((productId) => fault.hits({ productId })))
    const untouched = (_: unknown, index: number) => !hit[index]
    const [first, ...others] = await Promise.all([
      run([orderIds.filter(untouched), productIds.filter(untouched), quantities.filter(untouched), ...rest]),
      ...orderIds.flatMap((orderId, index) =>
        hit[index]
          ? [reserveAsBefore(database, { orderId, productId: productIds[index]!, quantity: quantities[index]! })]
          : [],
      ),
    ])
    const rows = [first!, ...others].flatMap((answer) => answer.rows)
    return { rows, rowCount: rows.length }
  }

  replaceStatement(database, 'reservation-reserve', async (values, run) => {
    if (fault.ratio() === 0) return run(values)
    const reserving = reserveSome(values, run)
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
