import { exemplarLabels } from '@hello/telemetry/exemplar'
import fastifyPlugin from 'fastify-plugin'
import { type Order, orderValue } from './order.ts'
import { orderCounter } from './order-count.ts'
import { orderCountRepository } from './order-count-repository.ts'

declare module 'fastify' {
  interface FastifyInstance {
    orderMetrics: OrderMetrics
  }
}

export type OrderOutcome = 'created' | 'rejected' | 'withdrawn'

export interface OrderMetrics {
  /** An order was decided, by this process and once. */
  decided(order: Order, outcome: OrderOutcome): void
  /** A call was answered with the order that its key had made before. */
  replayed(): void
  /** Recovery took an order up again. */
  recovered(status: Order['status']): void
}

/** What the shop sells, and whether orders get stuck. */
export const orderMetricsPlugin = fastifyPlugin(
  async (app) => {
    const { client } = app.metrics
    const registers = [client.register]
    const decided = new client.Counter({
      name: 'shop_orders_total',
      help: 'Orders decided, by outcome',
      labelNames: ['outcome'],
      registers,
      enableExemplars: true,
    })
    const units = new client.Counter({ name: 'shop_units_sold_total', help: 'Units sold', registers })
    const revenue = new client.Counter({
      name: 'shop_revenue_total',
      help: 'Value of the orders created, in units of the currency',
      registers,
    })
    const replays = new client.Counter({
      name: 'shop_order_replays_total',
      help: 'Calls that were answered with the order that their key had made before',
      registers,
    })
    const recovered = new client.Counter({
      name: 'shop_orders_recovered_total',
      help: 'Orders that recovery took up, by the status it left them in',
      labelNames: ['status'],
      registers,
    })
    for (const outcome of ['created', 'rejected', 'withdrawn']) decided.inc({ labels: { outcome }, value: 0 })
    for (const status of ['PENDING', 'CREATED', 'REJECTED']) recovered.inc({ status }, 0)

    const pending = new client.Gauge({
      name: 'shop_pending_orders',
      help: 'Orders of which the outcome is not known yet',
      registers,
    })
    const oldest = new client.Gauge({
      name: 'shop_oldest_pending_order_age_seconds',
      help: 'Age of the oldest order of which the outcome is not known yet; 0 when there is none',
      registers,
    })
    const stored = new client.Gauge({
      name: 'shop_stored_orders',
      help: 'Orders that the database keeps, by status',
      labelNames: ['status'],
      registers,
    })
    const count = orderCounter()
    app.databaseSamples.add({
      name: 'pending-orders',
      gauges: [pending, oldest],
      async take(database) {
        const waiting = await orderCountRepository(database).countPending()
        pending.set(waiting.count)
        oldest.set(waiting.oldestSeconds)
      },
    })
    app.databaseSamples.add({
      name: 'stored-orders',
      gauges: [stored],
      async take(database) {
        const counts = await count(orderCountRepository(database))
        for (const [status, orders] of Object.entries(counts)) stored.set({ status }, orders)
      },
    })

    app.decorate('orderMetrics', {
      decided(order, outcome) {
        decided.inc({ labels: { outcome }, value: 1, exemplarLabels: exemplarLabels() })
        if (outcome !== 'created') return
        units.inc(order.quantity)
        revenue.inc(orderValue(order))
      },
      replayed: () => replays.inc(),
      recovered: (status) => recovered.inc({ status }),
    })
  },
  { name: 'order-metrics', dependencies: ['metrics', 'database-samples'] },
)
