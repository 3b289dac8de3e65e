import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createApp } from '@hello/service-kit/app'
import { bearerTokenPlugin } from '@hello/service-kit/bearer-token'
import { problems } from '@hello/service-kit/problem'
import { resourceNotFound } from '@hello/service-kit/problems'
import { problemTypes } from '@hello/shop/identity'
import { Type } from 'typebox'
import { restart } from '../processes/restart.ts'
import type { Supervised } from '../processes/supervisor.ts'

interface ControlOptions {
  port: number
  /** Who has it may restart processes: a page in a browser on this machine may reach the address, too. */
  token: string
  /** The processes that may be restarted, as far as they have been started. */
  processes: () => Supervised[]
}

const params = Type.Object({ name: Type.String() })
const Process = Type.Object({
  name: Type.String(),
  pid: Type.Union([Type.Integer(), Type.Null()], { description: 'null while it is down' }),
})

const routes: FastifyPluginAsyncTypebox<Omit<ControlOptions, 'port'>> = async (app, { token, processes }) => {
  await app.register(bearerTokenPlugin, { token, setting: 'LAUNCHER_TOKEN' })

  function find(name: string): Supervised {
    const found = processes().find((one) => one.name === name)
    if (!found) throw resourceNotFound(`No process that may be restarted is called ${name}.`)
    return found
  }
  const bodyOf = ({ name, pid }: Supervised) => ({ name, pid: pid ?? null })
  const response = {
    200: Process,
    ...problems({ 401: 'The token is missing or wrong', 404: 'No such process may be restarted' }),
  }

  app.get('/processes/:name', { schema: { params, response } }, async ({ params }) => bodyOf(find(params.name)))

  app.post('/processes/:name/restart', { schema: { params, response } }, async ({ params }) => {
    const found = find(params.name)
    await restart(found)
    return bodyOf(found)
  })
}

/** Lets the healer restart the shop's processes, at an address of this machine only. */
export async function startControl({ port, ...options }: ControlOptions) {
  const app = await createApp({ name: 'launcher', logLevel: 'silent', problemTypes })
  await app.register(routes, options)
  await app.listen({ host: '127.0.0.1', port })
  return { stop: () => app.close() }
}
