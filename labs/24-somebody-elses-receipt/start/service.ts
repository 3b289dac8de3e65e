import { setTimeout as delay } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import Fastify from 'fastify'
import { createQueue } from './queue.ts'

const tracer = trace.getTracer('receipts')
const queue = createQueue()
const sent: string[] = []
let attempts = 0
let atOnce = 0
let mostAtOnce = 0

/** Stands in for a mail server, which takes one at a time and refuses each third attempt. */
const sendReceipt = (id: string) =>
  tracer.startActiveSpan('send receipt', { attributes: { 'order.id': id } }, async (span) => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce)
    try {
      await delay(200)
      if (++attempts % 3 === 0) throw new Error('the mail server is busy')
      sent.push(id)
    } finally {
      atOnce--
      span.end()
    }
  })

const app = Fastify()

app.post<{ Params: { id: string } }>('/orders/:id', async ({ params: { id } }, reply) => {
  queue.add(() => sendReceipt(id))
  return reply.code(202).send({ id })
})

app.get('/receipts', async () => ({ sent, mostAtOnce }))

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3100) })
