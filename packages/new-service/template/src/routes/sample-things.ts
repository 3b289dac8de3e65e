import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { decodeCursor, PageQuery, page } from '@hello/service-kit/pagination'
import { problems } from '@hello/service-kit/problem'
import { resourceNotFound } from '@hello/service-kit/problems'
import { ResourceId } from '@hello/service-kit/resource-id'
import { Type } from 'typebox'

const name = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$' })
const SampleThing = Type.Object({ id: Type.String(), name })
const NewSampleThing = Type.Object({ name }, { additionalProperties: false })
const found = { 200: SampleThing, ...problems({ 404: 'Not found' }) }

export const sampleThingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const list = { summary: 'List sample things', querystring: PageQuery, response: { 200: Type.Array(SampleThing) } }
  app.get('/sample-things', { schema: list }, async (request, reply) => {
    const text = 'SELECT position, id, name FROM sample_things WHERE position > $1 ORDER BY position LIMIT $2'
    const values = [decodeCursor(request.query) ?? '0', request.query.limit + 1]
    const { rows } = await app.database.query({ name: 'sample-thing-list', text, values })
    return page(request, reply, request.query, rows)
  })

  const find = { summary: 'Get one of them', params: Type.Object({ id: ResourceId }), response: found }
  app.get('/sample-things/:id', { schema: find }, async ({ params: { id } }) => {
    const text = 'SELECT id, name FROM sample_things WHERE id = $1'
    const { rows } = await app.database.query({ name: 'sample-thing-find', text, values: [id] })
    if (!rows[0]) throw resourceNotFound(`There is no sample thing ${id}; POST /sample-things makes one.`)
    return rows[0]
  })

  const create = { summary: 'Add one', body: NewSampleThing, response: { 201: SampleThing } }
  app.post('/sample-things', { schema: create }, async ({ body }, reply) => {
    const made = { id: randomUUID(), name: body.name }
    const text = 'INSERT INTO sample_things (id, name) VALUES ($1, $2)'
    await app.database.query({ name: 'sample-thing-create', text, values: [made.id, made.name] })
    return reply.code(201).header('location', `/sample-things/${made.id}`).send(made)
  })
}
