import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '@hello/service-kit/problem'
import { ResourceId } from '@hello/service-kit/resource-id'
import { insufficientInventory } from '@hello/shop/problems'
import { Type } from 'typebox'
import { notStocked, reservationMismatch } from '../problems.ts'
import { reservationRepository } from '../reservation-repository.ts'
import { stockRepository } from '../stock-repository.ts'

const Params = Type.Object({ orderId: ResourceId })

const Reservation = Type.Object({
  orderId: Type.String(),
  productId: Type.Union([Type.String(), Type.Null()]),
  quantity: Type.Union([Type.Integer(), Type.Null()]),
  state: Type.Enum(['RESERVED', 'RELEASED']),
})

/** The saga steps of an order, internal to the shop: safe to repeat, whatever the caller knows of the outcome. */
export const reservationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const reservations = reservationRepository(app.database)
  const stock = stockRepository(app.database)

  app.put(
    '/reservations/:orderId',
    {
      schema: {
        summary: 'Reserve units for an order (internal)',
        params: Params,
        body: Type.Object(
          { productId: ResourceId, quantity: Type.Integer({ minimum: 1, maximum: 1000 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Reservation,
          201: Reservation,
          ...problems({
            404: 'Product not found in inventory',
            409: 'Insufficient inventory',
            422: 'The order has reserved something else',
          }),
        },
      },
    },
    async ({ params: { orderId }, body: { productId, quantity } }, reply) => {
      if (await reservations.reserve(orderId, productId, quantity)) {
        return reply.code(201).send({ orderId, productId, quantity, state: 'RESERVED' as const })
      }
      const known = await reservations.find(orderId)
      if (known) {
        if (known.productId !== null && (known.productId !== productId || known.quantity !== quantity)) {
          throw reservationMismatch(
            `Order ${orderId} holds ${known.quantity} of ${known.productId}; use a new order id.`,
          )
        }
        return known
      }
      const currentStock = await stock.find(productId)
      if (currentStock === undefined) throw notStocked(productId)
      throw insufficientInventory(`${currentStock} of ${productId} are left and ${quantity} were asked for.`, {
        currentStock,
        requested: quantity,
      })
    },
  )

  app.delete(
    '/reservations/:orderId',
    { schema: { summary: 'Give back what an order holds (internal)', params: Params, response: { 204: Type.Null() } } },
    async ({ params: { orderId } }, reply) => {
      await reservations.release(orderId)
      return reply.code(204).send(null)
    },
  )
}
