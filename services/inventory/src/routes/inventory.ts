import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { decodeCursor, PageQuery, page } from '@hello/service-kit/pagination'
import { defineProblem, problems } from '@hello/service-kit/problem'
import { ResourceId } from '@hello/service-kit/resource-id'
import { Type } from 'typebox'
import { stockRepository } from '../stock-repository.ts'

const Stock = Type.Object({ productId: Type.String(), quantity: Type.Integer() })
const Params = Type.Object({ productId: ResourceId })

const mostUnits = 1_000_000_000

const notStocked = defineProblem('product-not-found', { status: 404, title: 'Product not found in inventory' })
const checkedUnknown = defineProblem('product-not-found', { status: 404, title: 'Product not found' })
const changedMeanwhile = defineProblem('precondition-failed', { status: 412, title: 'Precondition failed' })

/** The representation is the quantity, so the quantity is what identifies it (RFC 9110, 8.8.3). */
const entityTag = (quantity: number) => `"${quantity}"`

/** The quantities that an If-Match header accepts, or null for any; weak and foreign tags never match (RFC 9110, 13.1.1). */
function expectedQuantities(ifMatch: string): number[] | null {
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  if (tags.includes('*')) return null
  return tags.flatMap((tag) => /^"(\d{1,10})"$/.exec(tag)?.[1] ?? []).map(Number)
}

export const inventoryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const stock = stockRepository(app.database)

  app.get(
    '/inventory',
    {
      schema: {
        summary: 'Units left, by product',
        querystring: PageQuery,
        response: { 200: Type.Record(Type.String(), Type.Integer()) },
      },
    },
    async (request, reply) => {
      const { query } = request
      const rows = await stock.list({ after: decodeCursor(query), limit: query.limit + 1 })
      return Object.fromEntries(page(request, reply, query, rows).map((row) => [row.productId, row.quantity]))
    },
  )

  app.get(
    '/inventory/:productId',
    {
      schema: {
        summary: 'Units left of a product',
        params: Params,
        response: { 200: Stock, ...problems({ 404: 'Product not found in inventory' }) },
      },
    },
    async ({ params: { productId } }, reply) => {
      const quantity = await stock.find(productId)
      if (quantity === undefined) throw notStocked(`${productId} was never stocked; PUT /inventory/${productId} does.`)
      reply.header('etag', entityTag(quantity))
      return { productId, quantity }
    },
  )

  app.put(
    '/inventory/:productId',
    {
      config: { invalid: 'Invalid data, quantity required' },
      schema: {
        summary: 'Set the units of a product',
        description: 'With If-Match, only if the stock has not changed since its ETag was read.',
        params: Params,
        headers: Type.Object({ 'if-match': Type.Optional(Type.String()) }),
        body: Type.Object(
          { quantity: Type.Integer({ minimum: 0, maximum: mostUnits }) },
          { additionalProperties: false },
        ),
        response: { 200: Stock, ...problems({ 412: 'The stock has changed since' }) },
      },
    },
    async ({ params: { productId }, body: { quantity }, headers }, reply) => {
      const ifMatch = headers['if-match']
      if (ifMatch === undefined) await stock.set(productId, quantity)
      else if (!(await stock.setIf(productId, quantity, expectedQuantities(ifMatch)))) {
        throw changedMeanwhile(`The stock of ${productId} is not what If-Match names; read it again and decide anew.`)
      }
      reply.header('etag', entityTag(quantity))
      return { productId, quantity }
    },
  )

  app.post(
    '/inventory/check',
    {
      config: { invalid: 'Invalid data' },
      schema: {
        summary: 'Ask whether there is enough of a product',
        body: Type.Object(
          { productId: ResourceId, quantity: Type.Integer({ minimum: 1, maximum: mostUnits }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            productId: Type.String(),
            requested: Type.Integer(),
            available: Type.Boolean(),
            currentStock: Type.Integer(),
          }),
          ...problems({ 404: 'Product not found: `available` is false and `reason` says so' }),
        },
      },
    },
    async ({ body: { productId, quantity } }) => {
      const currentStock = await stock.find(productId)
      if (currentStock === undefined) {
        throw checkedUnknown(`${productId} was never stocked; PUT /inventory/${productId} does.`, {
          available: false,
          reason: 'Product not found',
        })
      }
      return { productId, requested: quantity, available: currentStock >= quantity, currentStock }
    },
  )
}
