import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createApp } from '@hello/service-kit/app'
import { problems } from '@hello/service-kit/problem'
import { resourceNotFound, serviceUnavailable } from '@hello/service-kit/problems'
import { Lab, LabAnswer, LabHint } from '@hello/shop/api/lab'
import { problemTypes } from '@hello/shop/identity'
import { labConflict } from '@hello/shop/problems'
import { NoAnswer } from './ask.ts'
import { UnfitShop } from './lab-run.ts'
import type { Session } from './session.ts'

const routes: FastifyPluginAsyncTypebox<{ session: Session }> = async (app, { session }) => {
  // The page's own server asks. What a browser sends here itself would be of a page that has no business with a lab.
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
      throw resourceNotFound('A lab is answered on the shop’s own page.')
  })

  function refuseClosed() {
    if (!session.isOpen()) throw labConflict('The shop is not broken yet, or the lab is over. Look at the lab again.')
  }
  const response = { 200: Lab, ...problems({ 409: 'Not broken yet, or over' }) }

  app.get('/lab/api/lab', { schema: { response: { 200: Lab } } }, () => session.shown())

  app.post('/lab/api/hints', { schema: { body: LabHint, response } }, async ({ body: { number } }) => {
    refuseClosed()
    const given = session.shown().hints.length
    if (number > given + 1) throw labConflict(`The next hint is number ${given + 1}.`)
    if (number === given + 1) session.hint()
    return session.shown()
  })

  const graded = { ...response, ...problems({ 503: 'Not graded: what keeps the signals gives no answer' }) }
  app.post('/lab/api/answers', { schema: { body: LabAnswer, response: graded } }, async ({ body }) => {
    refuseClosed()
    try {
      await session.answer(body)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      throw serviceUnavailable(`Your answer was not graded, and costs nothing: ${error.message}`)
    }
    return session.shown()
  })

  app.delete('/lab/api/lab', { schema: { response } }, async () => {
    refuseClosed()
    session.finish(false)
    return session.shown()
  })
}

/**
 * Lets the page's server show a lab and answer it, at an address of this machine only.
 *
 * @throws UnfitShop where the port is taken
 */
export async function startLabServer(session: Session, port: number) {
  const app = await createApp({ name: 'lab', logLevel: 'silent', problemTypes, bodyLimit: 16 * 1024 })
  await app.register(routes, { session })
  try {
    await app.listen({ host: '127.0.0.1', port })
  } catch (error) {
    await app.close()
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new UnfitShop(`Port ${port} is taken, most likely by another lab of this shop: end that first, with Ctrl-C.`)
  }
  return { close: () => app.close() }
}
