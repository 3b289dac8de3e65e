import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '@hello/service-kit/database-errors'
import { serviceUnavailable } from '@hello/service-kit/problems'
import type { Customer } from '@hello/shop/customer'
import { productNotFound } from '@hello/shop/problems'
import { timeBudget } from '@hello/shop/time-budget'
import fastifyPlugin from 'fastify-plugin'
import { v7 as uuidv7 } from 'uuid'
import { type Order, orderValue } from './order.ts'
import { orderRepository } from './order-repository.ts'
import { currentTraceparent, recordStep } from './order-trace.ts'
import { idempotencyKeyReused } from './problems.ts'

declare module 'fastify' {
  interface FastifyInstance {
    orderProtocol: OrderProtocol
  }
}

export interface OrderRequest {
  productId: string
  quantity: number
  idempotencyKey: string | null
  customer: Customer
  /** Milliseconds since 1970: then the caller is answered `timeBudget.orderLastStatement` milliseconds later at most, if only PENDING. */
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

const pollInterval = 50

/** A call while it is worked on. */
interface Call {
  /** The order that this call made. */
  order?: Order | undefined
  /** Whether its caller was answered PENDING, so that the order must stay. */
  toldPending: boolean
  /** Whether the order is being taken back, so that nobody may be told of it. */
  withdrawing: boolean
}

const newCall = (): Call => ({ toldPending: false, withdrawing: false })

const retryAfter = { 'retry-after': '1' }

/** Each customer has keys of their own: neither a key nor a customer has a space in it. */
const keyOfCaller = ({ customer, idempotencyKey }: OrderRequest) =>
  customer === null || idempotencyKey === null ? idempotencyKey : `${customer} ${idempotencyKey}`

const orderedNothing = () =>
  serviceUnavailable('The first call with this key ordered nothing. Try again.', {}, retryAfter)

const databaseLate = () =>
  serviceUnavailable(
    'The database does not answer in time. Try again; with an Idempotency-Key an order is made once.',
    {},
    retryAfter,
  )

/** The steps of an order (docs/adr/0006-order-protocol.md); the order row is the saga's state. */
export const orderProtocolPlugin = fastifyPlugin(
  async (app) => {
    const orders = orderRepository(app.database)

    async function settle(order: Order, status: 'CREATED' | 'REJECTED', currentStock: number | null): Promise<Order> {
      try {
        if (await orders.settle(order.id, status, currentStock)) {
          app.orderMetrics.decided(order, status === 'CREATED' ? 'created' : 'rejected')
          app.log.info(
            {
              order_id: order.id,
              product_id: order.productId,
              product_name: order.productName,
              quantity: order.quantity,
              value: orderValue(order),
              status,
            },
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

    /**
     * Takes the order back where nothing can have been reserved for it; otherwise it stays PENDING.
     *
     * @throws Error of the database when it is unknown whether the order is still there
     */
    async function withdraw(order: Order, call: Call): Promise<boolean> {
      if (order.attempts > 1 || call.toldPending) return false
      call.withdrawing = true
      const withdrawn = await orders.withdraw(order.id)
      call.withdrawing = false
      return withdrawn
    }

    async function reserveAndSettle(order: Order, deadline: number, call: Call): Promise<Order> {
      const reservation = await app.inventoryClient.reserve(order, deadline)
      recordStep('reservation', { outcome: reservation.outcome, attempt: order.attempts })
      if (reservation.outcome === 'reserved') return settle(order, 'CREATED', null)
      if (reservation.outcome === 'refused') return settle(order, 'REJECTED', reservation.currentStock)
      if (reservation.outcome === 'untouched' && (await withdraw(order, call))) {
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
        throw idempotencyKeyReused(`This Idempotency-Key made order ${first.id} with another body; use a new key.`)
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

    async function place(request: OrderRequest, call: Call) {
      const { productId, quantity, customer, deadline } = request
      const idempotencyKey = keyOfCaller(request)
      const earlier = idempotencyKey === null ? undefined : await orders.findByKey(idempotencyKey)
      if (earlier) return replay(earlier, request)

      const product = await app.productClient.find(productId, deadline)
      if (!product) throw productNotFound(`There is no product ${productId}; GET /products lists what there is.`)

      const order = await orders.insert({
        id: uuidv7(),
        productId,
        productName: product.name,
        quantity,
        unitPriceCents: product.priceCents,
        idempotencyKey,
        customer,
        traceparent: currentTraceparent(),
      })
      call.order = order
      if (order) return { order: await reserveAndSettle(order, deadline, call), replayed: false }

      const simultaneous = await orders.findByKey(idempotencyKey!)
      if (!simultaneous) throw orderedNothing()
      return replay(simultaneous, request)
    }

    /** What can be said of a call whose time is over while the database has not answered; its work goes on. */
    function answerLate(call: Call, work: Promise<unknown>) {
      const { order } = call
      work.catch((error) =>
        app.log.warn({ order_id: order?.id, err: error }, 'a call that was answered late has failed'),
      )
      if (!order || call.withdrawing) throw databaseLate()
      call.toldPending = true
      return { order, replayed: false }
    }

    app.decorate('orderProtocol', {
      advance: (order, deadline) => reserveAndSettle(order, deadline, newCall()),
      async place(request) {
        const call = newCall()
        const work = place(request, call)
        let timer: NodeJS.Timeout | undefined
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, request.deadline + timeBudget.orderLastStatement - Date.now())
        }).then(() => answerLate(call, work))
        try {
          return await Promise.race([work, late])
        } finally {
          clearTimeout(timer)
        }
      },
    })
  },
  { name: 'order-protocol', dependencies: ['database', 'product-client', 'inventory-client', 'order-metrics'] },
)
