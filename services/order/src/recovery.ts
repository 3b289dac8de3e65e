import { setTimeout as delay } from 'node:timers/promises'
import { timeBudget } from '@hello/shop/time-budget'
import fastifyPlugin from 'fastify-plugin'
import { orderRepository } from './order-repository.ts'
import { traceRecovery } from './order-trace.ts'

const batch = 20

/** Finishes the orders whose call was cut short: every replica looks every second, each order is taken by one of them. */
export const recoveryPlugin = fastifyPlugin(
  async (app) => {
    const orders = orderRepository(app.database)
    const closing = new AbortController()
    let running = Promise.resolve()

    async function recoverBatch(): Promise<number> {
      const claimed = await orders.claimPending(timeBudget.recoveryIdle / 1000, batch)
      await Promise.all(
        claimed.map((order) =>
          traceRecovery(order, async () => {
            const recovered = await app.orderProtocol.advance(order, Date.now() + timeBudget.recoveryAttempt)
            const { status, attempts } = recovered
            app.orderMetrics.recovered(status)
            // Of one that stays pending the protocol has told.
            if (status !== 'PENDING') app.log.info({ order_id: order.id, status, attempts }, 'order recovered')
            return recovered
          }),
        ),
      )
      return claimed.length
    }

    async function loop() {
      while (!closing.signal.aborted) {
        try {
          if ((await recoverBatch()) === batch) continue
        } catch (error) {
          app.log.warn({ err: error }, 'recovery failed; trying again')
        }
        await delay(timeBudget.recoveryInterval, undefined, { signal: closing.signal }).catch(() => {})
      }
    }

    app.addHook('onReady', async () => {
      running = loop()
    })
    app.addHook('preClose', async () => {
      closing.abort()
      await running
    })
  },
  { name: 'recovery', dependencies: ['order-protocol', 'order-metrics'] },
)
