import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { decodeCursor, PageQuery, page } from '@hello/service-kit/pagination'
import { problems } from '@hello/service-kit/problem'
import { preconditionFailed } from '@hello/service-kit/problems'
import { ResourceId } from '@hello/service-kit/resource-id'
import { Stock, StockByProduct } from '@hello/shop/api/stock'
import { productNotFound } from '@hello/shop/problems'
import { Type } from 'typebox'
import { notStocked } from '../problems.ts'
import { stockRepository } from '../stock-repository.ts'

const Params = Type.Object({ productId: ResourceId })

const maxUnits = 1_000_000_000

/** The representation is the quantity, so the quantity is what identifies it (RFC 9110, 8.8.3). */
const entityTag = (quantity: number) => `"${quantity}"`

/**
 * The quantities that If-Match or If-None-Match names, or null for `*`, which is any. A tag that is none of ours names no
 * quantity.
 *
 * @param prefix what our tags may have before them: `W/` only where tags are compared weakly (RFC 9110, 8.8.3.2)
 */
function namedQuantities(tags: string, prefix: '' | '(?:W/)?'): number[] | null {
  if (tags.trim() === '*') return null
  const ours = new RegExp(`^${prefix}"(0|[1-9]\\d{0,9})"$`)
  return tags
    .split(',')
    .flatMap((tag) => ours.exec(tag.trim())?.[1] ?? [])
    .map(Number)
}

export const inventoryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const stock = stockRepository(app.database)

  app.get(
    '/inventory',
    {
      schema: {
        summary: 'Units left, by product',
        querystring: PageQuery,
        response: { 200: StockByProduct },
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
      if (quantity === undefined) throw notStocked(productId)
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
        description:
          'With If-Match, only if the stock has not changed since its ETag was read. With If-None-Match: *, only if the ' +
          'product was never stocked.',
        params: Params,
        headers: Type.Object({
          'if-match': Type.Optional(Type.String({ description: 'entity tags as of ETag, or *' })),
          'if-none-match': Type.Optional(Type.String({ description: 'entity tags as of ETag, or *' })),
        }),
        body: Type.Object(
          { quantity: Type.Integer({ minimum: 0, maximum: maxUnits }) },
          { additionalProperties: false },
        ),
        response: { 200: Stock, ...problems({ 412: 'The stock is not as If-Match or If-None-Match demands' }) },
      },
    },
    async ({ params: { productId }, body: { quantity }, headers }, reply) => {
      const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
      const unexpected = ifNoneMatch === undefined ? [] : namedQuantities(ifNoneMatch, '(?:W/)?')
      const isSet =
        ifMatch === undefined
          ? await stock.setUnless(productId, quantity, unexpected)
          : await stock.setIf(productId, quantity, namedQuantities(ifMatch, ''), unexpected)
      if (!isSet) {
        throw preconditionFailed(
          `The stock of ${productId} is not as ${ifMatch === undefined ? 'If-None-Match' : 'If-Match'} demands; read it again and decide anew.`,
        )
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
          { productId: ResourceId, quantity: Type.Integer({ minimum: 1, maximum: maxUnits }) },
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
        throw productNotFound(`${productId} was never stocked; PUT /inventory/${productId} does.`, {
          available: false,
          reason: 'Product not found',
        })
      }
      return { productId, requested: quantity, available: currentStock >= quantity, currentStock }
    },
  )
}
