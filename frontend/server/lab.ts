import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '@hello/service-kit/problem'
import { gatewayTimeout } from '@hello/service-kit/problems'
import { rateLimitPlugin } from '@hello/service-kit/rate-limit'
import { Lab, LabAnswer, LabHint, RunningLab } from '@hello/shop/api/lab'
import type { FastifyReply } from 'fastify'
import { Compile } from 'typebox/compile'
import { noLab } from './problems.ts'
import { sameOriginPlugin } from './same-origin.ts'

/** Requests of one client address in a second: an open page reads once in one. */
const perSecond = { reads: 50, writes: 5 }

/** Most bytes of a body: an answer, with room for how JSON writes it. */
const bodyLimit = 16 * 1024

/** Milliseconds until the program has graded, which asks the signals; less than the browser's own patience. */
const timeout = 10_000

const lab = Compile(Lab)

interface LabOptions {
  /** Base URL of the program that runs a lab, while one runs. */
  url: string
}

/** Shows the lab that a program on this machine runs, and answers it. A lab is no part of the shop: nothing of it makes signals. */
export const labRoutes: FastifyPluginAsyncTypebox<LabOptions> = async (app, { url }) => {
  /** @returns undefined where no program listens, or another one than that of a lab */
  async function call(method: string, path: string, body?: unknown) {
    try {
      const answer = await fetch(new URL(`/lab/api/${path}`, url), {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeout),
      })
      const type = answer.headers.get('content-type') ?? ''
      const said: unknown = await answer.json()
      if (lab.Check(said)) return { status: 200, type, said }
      return type.includes('problem+json') ? { status: answer.status, type, said } : undefined
    } catch (cause) {
      if ((cause as Error).name === 'TimeoutError')
        throw gatewayTimeout('The lab did not answer in time. Look at the terminal in which make lab runs.')
      return undefined
    }
  }

  /** What the program answers to a change, also when it refuses. */
  async function change(reply: FastifyReply, ...asked: Parameters<typeof call>) {
    const answer = await call(...asked)
    if (!answer) throw noLab('No lab runs. Begin one in a terminal: make lab N=1')
    return reply
      .code(answer.status as 200)
      .type(answer.type)
      .send(answer.said as Lab)
  }
  const config = { observe: false }
  const limits = { 429: 'This address asks too often', 504: 'The lab did not answer in time' }

  const reads: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(rateLimitPlugin, { perSecond: perSecond.reads })
    app.get(
      '/lab/api/lab',
      {
        config,
        schema: { summary: 'Show the lab that is under way', response: { 200: RunningLab, ...problems(limits) } },
      },
      async () => {
        const answer = await call('GET', 'lab')
        return { lab: answer?.status === 200 ? (answer.said as Lab) : null }
      },
    )
  }

  const writes: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(rateLimitPlugin, { perSecond: perSecond.writes })
    await app.register(sameOriginPlugin, { advice: 'A lab is answered on the shop’s own page.' })
    const response = {
      200: Lab,
      ...problems({
        ...limits,
        403: 'A page of another origin asks',
        404: 'No lab runs',
        409: 'The shop is not broken yet, or the lab is over',
      }),
    }

    app.post(
      '/lab/api/hints',
      { config, bodyLimit, schema: { summary: 'Ask for a hint', body: LabHint, response } },
      ({ body }, reply) => change(reply, 'POST', 'hints', body),
    )
    app.post(
      '/lab/api/answers',
      { config, bodyLimit, schema: { summary: 'Answer', body: LabAnswer, response } },
      ({ body }, reply) => change(reply, 'POST', 'answers', body),
    )
    app.delete('/lab/api/lab', { config, schema: { summary: 'Give up', response } }, (_request, reply) =>
      change(reply, 'DELETE', 'lab'),
    )
  }

  await app.register(reads)
  await app.register(writes)
}
