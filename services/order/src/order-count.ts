import type { Order } from './order.ts'
import type { OrderCountRepository } from './order-count-repository.ts'

export type OrderCounts = Record<Order['status'], number>

/**
 * An order this old is visible to everybody: its insert is one statement, which ends within a second or so. Also the longest
 * that the database may have stood still between two counts that build on each other. Seconds.
 */
const settledAfter = 60
/** Positions that one statement counts at most, so that it stays short. */
const batch = 100_000

const none = (): OrderCounts => ({ PENDING: 0, CREATED: 0, REJECTED: 0 })

/**
 * Counts the orders by status, at a cost that does not grow with their number: those below a watermark are settled, so they
 * never change any more and are counted once; only the younger ones are counted anew each time.
 *
 * The watermark is a position below which no order is pending and none can still appear. Positions are given out in the order
 * of the inserts but appear in the order of their commits, so it stays behind by age. Two counts that lie further apart than
 * that age do not move it: between them the database may have stood still with an insert half done.
 */
export function orderCounter() {
  let watermark = 0
  let remembered = none()
  let countedAt = Number.NEGATIVE_INFINITY

  async function add(orders: OrderCountRepository, counts: OrderCounts, after: number, upTo: number) {
    for (const [status, count] of await orders.countByStatus(after, upTo)) counts[status] += count
  }

  return async function count(orders: OrderCountRepository): Promise<OrderCounts> {
    const began = performance.now()
    const { settled, last } = await orders.findWatermark(settledAfter)
    if (began - countedAt < settledAfter * 1000) {
      while (watermark < settled) {
        const upTo = Math.min(settled, watermark + batch)
        const counts = { ...remembered }
        await add(orders, counts, watermark, upTo)
        remembered = counts
        watermark = upTo
      }
    }
    const counts = { ...remembered }
    for (let after = watermark; after < last; after += batch) {
      await add(orders, counts, after, Math.min(last, after + batch))
    }
    countedAt = began
    return counts
  }
}
