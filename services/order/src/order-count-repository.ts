import type { Pool } from 'pg'
import type { OrderStatus } from './order.ts'

/** What is counted of the orders that are kept, for metrics. */
export function orderCountRepository(database: Pool) {
  return {
    async countPending(): Promise<{ count: number; oldestSeconds: number }> {
      const { rows } = await database.query<{ count: number; oldest: number }>({
        name: 'order-count-pending',
        text: `SELECT count(*)::int AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
          FROM orders WHERE status = 'PENDING'`,
      })
      return { count: rows[0]!.count, oldestSeconds: rows[0]!.oldest }
    },

    /**
     * Finds how far the orders are settled for good.
     *
     * @returns `settled`: a position up to which no order is PENDING and each is older than `seconds`, or was made before one
     * that is; `last`: the highest position
     */
    async findWatermark(seconds: number): Promise<{ settled: number; last: number }> {
      // OFFSET keeps the planner from looking for the first PENDING order along the index of the positions, which is all of it.
      const { rows } = await database.query<{ settled: string; last: string }>({
        name: 'order-find-watermark',
        text: `SELECT coalesce(max(position), 0) AS last, least(
            coalesce((SELECT position FROM orders WHERE created_at < now() - make_interval(secs => $1)
              ORDER BY position DESC LIMIT 1), 0),
            (SELECT min(position) - 1 FROM (SELECT position FROM orders WHERE status = 'PENDING' OFFSET 0) AS pending)
          ) AS settled FROM orders`,
        values: [seconds],
      })
      return { settled: Number(rows[0]!.settled), last: Number(rows[0]!.last) }
    },

    /** How many orders there are of each status among the positions above `after` up to `upTo`. */
    async countByStatus(after: number, upTo: number): Promise<[OrderStatus, number][]> {
      const { rows } = await database.query<{ status: OrderStatus; count: string }>({
        name: 'order-count-by-status',
        text: 'SELECT status, count(*) AS count FROM orders WHERE position > $1 AND position <= $2 GROUP BY status',
        values: [after, upTo],
      })
      return rows.map(({ status, count }) => [status, Number(count)])
    },
  }
}

export type OrderCountRepository = ReturnType<typeof orderCountRepository>
