import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '@hello/service-kit/database-errors'
import { defineProblem, serviceUnavailable } from '@hello/service-kit/problem'
import fastifyPlugin from 'fastify-plugin'
import { v7 as uuidv7 } from 'uuid'
import type { Order } from './order.ts'
import { orderRepository } from './order-repository.ts'
import { currentTraceparent, recordStep } from './order-trace.ts'

declare module 'fastify' {
  interface FastifyInstance {
    orderProtocol: OrderProtocol
  }
}

export interface OrderRequest {
  productId: string
  quantity: number
  idempotencyKey: string | null
  /** Milliseconds since 1970: by then the caller wants an answer, if only PENDING. */
  deadline: number
}

export interface OrderProtocol {
  /**
   * Makes an order, or finds the one that the same key has made.
   *
   * @throws Problem 404 no such product, 422 the key belongs to another order, 503 nothing was reserved
   */
  place(request: OrderRequest): Promise<{ order: Order; replayed: boolean }>
  /** Reserves for an order that is PENDING and settles it, as far as the outcome can be known; safe to repeat. */
  advance(order: Order, deadline: number): Promise<Order>
}

const productNotFound = defineProblem('product-not-found', { status: 404, title: 'Product not found' })
const otherOrder = defineProblem('idempotency-key-reused', { status: 422, title: 'Idempotency-Key reused' })

const pollInterval = 50
const retryAfter = { 'retry-after': '1' }

const orderedNothing = () =>
  serviceUnavailable('The first call with this key ordered nothing. Try again.', {}, retryAfter)

/** The steps of an order (design: "The order protocol"); the order row is the saga's state. */
export const orderProtocolPlugin = fastifyPlugin(
  async (app) => {
    const orders = orderRepository(app.database)

    async function settle(order: Order, status: 'CREATED' | 'REJECTED', currentStock: number | null): Promise<Order> {
      try {
        if (await orders.settle(order.id, status, currentStock)) {
          app.orderMetrics.decided(order, status === 'CREATED' ? 'created' : 'rejected')
          app.log.info(
            { order_id: order.id, product_id: order.productId, quantity: order.quantity, status },
            'order settled',
          )
          return { ...order, status, currentStock }
        }
        return (await orders.find(order.id)) ?? order
      } catch (error) {
        if (!isDatabaseUnavailable(error)) throw error
        app.log.warn({ order_id: order.id, err: error }, 'the outcome could not be written; recovery will')
        return order
      }
    }

    /** Takes the order back where nothing can have been reserved for it; otherwise it stays PENDING. */
    async function withdraw(order: Order): Promise<boolean> {
      if (order.attempts > 1) return false
      try {
        return await orders.withdraw(order.id)
      } catch (error) {
        if (!isDatabaseUnavailable(error)) throw error
        return false
      }
    }

    async function advance(order: Order, deadline: number): Promise<Order> {
      const reservation = await app.inventory.reserve(order, deadline)
      recordStep('reservation', { outcome: reservation.outcome, attempt: order.attempts })
      if (reservation.outcome === 'reserved') return settle(order, 'CREATED', null)
      if (reservation.outcome === 'refused') return settle(order, 'REJECTED', reservation.currentStock)
      if (reservation.outcome === 'untouched' && (await withdraw(order))) {
        app.orderMetrics.decided(order, 'withdrawn')
        throw serviceUnavailable(
          'The inventory service does not answer; nothing was ordered. Try again in a moment.',
          {},
          retryAfter,
        )
      }
      app.log.warn({ order_id: order.id, attempt: order.attempts }, 'the order stays pending; recovery will ask again')
      return order
    }

    /** The order of a call that came before with the same key, once it is settled or the deadline has passed. */
    async function replay(first: Order, request: OrderRequest) {
      if (first.productId !== request.productId || first.quantity !== request.quantity) {
        throw otherOrder(`This Idempotency-Key made order ${first.id} with another body; use a new key.`)
      }
      let order: Order | undefined = first
      while (order.status === 'PENDING' && Date.now() + pollInterval < request.deadline) {
        await delay(pollInterval)
        order = await orders.find(first.id)
        if (!order) throw orderedNothing()
      }
      if (order.status === 'PENDING') order = await orders.keep(first.id)
      if (!order) throw orderedNothing()
      return { order, replayed: true }
    }

    app.decorate('orderProtocol', {
      advance,
      async place(request) {
        const { productId, quantity, idempotencyKey, deadline } = request
        const earlier = idempotencyKey === null ? undefined : await orders.findByKey(idempotencyKey)
        if (earlier) return replay(earlier, request)

        const product = await app.catalog.find(productId, deadline)
        if (!product) throw productNotFound(`There is no product ${productId}; GET /products lists what there is.`)

        const order = await orders.insert({
          id: uuidv7(),
          productId,
          productName: product.name,
          quantity,
          unitPriceCents: product.priceCents,
          idempotencyKey,
          traceparent: currentTraceparent(),
        })
        if (order) return { order: await advance(order, deadline), replayed: false }

        const simultaneous = await orders.findByKey(idempotencyKey!)
        if (!simultaneous) throw orderedNothing()
        return replay(simultaneous, request)
      },
    })
  },
  { name: 'order-protocol', dependencies: ['database', 'catalog', 'inventory', 'order-metrics'] },
)
