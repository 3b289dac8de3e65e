import { setTimeout as delay } from 'node:timers/promises'
import Fastify from 'fastify'

const app = Fastify()

app.get<{ Querystring: { ms?: string; fails?: string } }>('/parts', async ({ query: { ms, fails } }) => {
  if (ms) await delay(Number(ms))
  if (fails) throw new Error('the warehouse does not answer')
  return { parts: 12 }
})

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
