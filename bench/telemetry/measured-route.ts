import type { FastifyInstance } from 'fastify'

const product = { id: 'product1', name: 'Product 1', price: 10.99 }

/** Serves the route of every side, and answers each message of the parent with the CPU time used so far. */
export async function serveMeasuredRoute(app: FastifyInstance) {
  app.get(
    '/products/:id',
    {
      schema: {
        response: {
          200: {
            type: 'object',
            properties: { id: { type: 'string' }, name: { type: 'string' }, price: { type: 'number' } },
          },
        },
      },
    },
    async () => product,
  )
  await app.listen({ port: Number(process.env.PORT) })
  process.on('message', () => process.send!(process.cpuUsage()))
  process.on('disconnect', () => process.exit())
  process.send!('listening')
}
