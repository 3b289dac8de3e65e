import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { toCents } from '@hello/service-kit/money'
import { decodeCursor, PageQuery, page } from '@hello/service-kit/pagination'
import { problems } from '@hello/service-kit/problem'
import { invalidRequest } from '@hello/service-kit/problems'
import { ResourceId } from '@hello/service-kit/resource-id'
import { Product } from '@hello/shop/api/product'
import { productNotFound } from '@hello/shop/problems'
import { trace } from '@opentelemetry/api'
import { Type } from 'typebox'
import { ProductName } from '../product-name.ts'
import { productRepository } from '../product-repository.ts'

const NewProduct = Type.Object(
  {
    name: ProductName,
    price: Type.Number({ minimum: 0, maximum: 1_000_000, multipleOf: 0.01 }),
  },
  { additionalProperties: false },
)

const invalidProduct = 'Invalid product data'

export const productRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const products = productRepository(app.database)

  app.get(
    '/products',
    {
      schema: {
        summary: 'List the products in the order of creation',
        querystring: PageQuery,
        response: { 200: Type.Array(Product) },
      },
    },
    async (request, reply) => {
      const { query } = request
      const rows = await products.list({ after: decodeCursor(query), limit: query.limit + 1 })
      return page(request, reply, query, rows)
    },
  )

  app.get(
    '/products/:id',
    {
      // While the server span is the active one, so that a failed or slow request is found by its product.
      onRequest(request, _reply, done) {
        trace.getActiveSpan()?.setAttribute('product.id', request.params.id)
        done()
      },
      schema: {
        summary: 'Get a product',
        params: Type.Object({ id: ResourceId }),
        response: { 200: Product, ...problems({ 404: 'Product not found' }) },
      },
    },
    async ({ params }) => {
      const product = await products.find(params.id)
      if (!product) throw productNotFound(`There is no product ${params.id}; GET /products lists what there is.`)
      return product
    },
  )

  app.post(
    '/products',
    {
      config: { invalid: invalidProduct },
      schema: {
        summary: 'Add a product',
        body: NewProduct,
        response: { 201: Product },
      },
    },
    async ({ body }, reply) => {
      const priceCents = toCents(body.price)
      if (priceCents === undefined)
        throw invalidRequest('body field "price" has more than 2 decimals', { error: invalidProduct, field: 'price' })
      const product = await products.create({ id: randomUUID(), name: body.name.trim(), priceCents })
      return reply.code(201).header('location', `/products/${product.id}`).send(product)
    },
  )
}
