import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { deadlineOf } from '@hello/service-kit/deadline'
import { fromCents } from '@hello/service-kit/money'
import { decodeCursor, PageQuery, page } from '@hello/service-kit/pagination'
import { problems } from '@hello/service-kit/problem'
import { tokenMissing } from '@hello/service-kit/problems'
import { ResourceId } from '@hello/service-kit/resource-id'
import { Order as OrderBody } from '@hello/shop/api/order'
import { type Customer, customerOf } from '@hello/shop/customer'
import { insufficientInventory } from '@hello/shop/problems'
import { timeBudget } from '@hello/shop/time-budget'
import { Type } from 'typebox'
import { type Order, orderValue } from '../order.ts'
import { orderRepository } from '../order-repository.ts'
import { describeOrder } from '../order-trace.ts'
import { orderNotFound, orderOfAnother } from '../problems.ts'

const IdempotencyKey = Type.String({
  pattern: '^[\\x21-\\x7e]{1,128}$',
  description: '1-128 visible ASCII characters; the same key makes one order',
})

const toBody = (order: Order): OrderBody => ({
  id: order.id,
  productId: order.productId,
  productName: order.productName,
  quantity: order.quantity,
  unitPrice: fromCents(order.unitPriceCents),
  totalPrice: orderValue(order),
  status: order.status,
  createdAt: order.createdAt,
})

/** What was ordered by nobody who had signed in is anybody's who knows its id. */
function refuseOthers({ customer: owner }: Order, customer: Customer) {
  if (owner === null || owner === customer) return
  if (customer === null)
    throw tokenMissing('This order is a customer’s. Sign in as that customer.', {}, { 'www-authenticate': 'Bearer' })
  throw orderOfAnother('This order is another customer’s; GET /orders lists yours.')
}

export const orderRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const orders = orderRepository(app.database)

  app.get(
    '/orders',
    {
      schema: {
        summary: 'List the orders, newest first',
        description: 'Who has signed in gets their own; where nobody has to, everybody gets all that were placed so.',
        querystring: PageQuery,
        response: { 200: Type.Array(OrderBody) },
      },
    },
    async (request, reply) => {
      const { query } = request
      const rows = await orders.list({
        ...{ after: decodeCursor(query), limit: query.limit + 1 },
        customer: customerOf(request),
      })
      return page(request, reply, query, rows).map(toBody)
    },
  )

  app.get(
    '/orders/:id',
    {
      schema: {
        summary: 'Get an order',
        params: Type.Object({ id: ResourceId }),
        response: {
          200: OrderBody,
          ...problems({
            401: 'The order is a customer’s, and nobody has signed in',
            403: 'The order is another customer’s',
            404: 'Order not found',
          }),
        },
      },
    },
    async (request) => {
      const { id } = request.params
      const order = await orders.find(id)
      if (!order) throw orderNotFound(`There is no order ${id}; GET /orders lists them.`)
      refuseOthers(order, customerOf(request))
      return toBody(order)
    },
  )

  app.post(
    '/orders',
    {
      config: { invalid: 'Invalid order data' },
      schema: {
        summary: 'Order units of a product',
        description: 'With an Idempotency-Key the call can be repeated until it is answered and makes one order.',
        headers: Type.Object({ 'idempotency-key': Type.Optional(IdempotencyKey) }),
        body: Type.Object(
          { productId: ResourceId, quantity: Type.Integer({ minimum: 1, maximum: 1000 }) },
          { additionalProperties: false },
        ),
        response: {
          201: OrderBody,
          202: { description: 'The outcome is not known yet; GET the Location later', ...OrderBody },
          ...problems({
            404: 'Product not found',
            408: 'The deadline of the calling service passed before anything was ordered',
            409: 'Insufficient inventory: `currentStock` and `requested` say how much',
            422: 'The Idempotency-Key belongs to an order with another body',
          }),
        },
      },
    },
    async (request, reply) => {
      const { order, replayed } = await app.orderProtocol.place({
        ...request.body,
        idempotencyKey: request.headers['idempotency-key'] ?? null,
        customer: customerOf(request),
        deadline: deadlineOf(request, timeBudget.order - timeBudget.orderLastStatement),
      })
      describeOrder(order)
      if (replayed) {
        app.orderMetrics.replayed()
        reply.header('idempotent-replayed', 'true')
      }
      if (order.status === 'REJECTED') {
        throw insufficientInventory(
          `${order.currentStock} of ${order.productId} are left and ${order.quantity} were asked for.`,
          { currentStock: order.currentStock, requested: order.quantity, orderId: order.id },
        )
      }
      reply.header('location', `/orders/${order.id}`)
      return reply.code(order.status === 'CREATED' ? 201 : 202).send(toBody(order))
    },
  )
}
