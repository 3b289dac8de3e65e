import Fastify from 'fastify'

const carts = new Map([
  ['c1', { customer: { email: 'kim@example.com', tier: 'gold' }, prices: [10.99, 5.49] }],
  ['c2', { customer: { email: 'lee@example.com', tier: 'basic' }, prices: [29.99] }],
  ['c3', { customer: { email: 'park@example.com', tier: 'silver' }, prices: [] }],
])

const app = Fastify()

app.get<{ Params: { id: string } }>('/carts/:id', async ({ params: { id } }, reply) => {
  const cart = carts.get(id)
  if (!cart) return reply.code(404).send({ error: 'Cart not found' })
  return { id, items: cart.prices.length, total: cart.prices.reduce((sum, price) => sum + price, 0) }
})

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3100) })
