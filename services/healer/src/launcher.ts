import { createUpstream } from '@hello/service-kit/upstream'
import type { FastifyInstance } from 'fastify'
import type { Actions } from './actions.ts'

/** Milliseconds in which the launcher ends a process that does not end by itself, and answers. */
const timeout = 8000

interface LauncherOptions {
  url: string
  token: string
}

/** What can be done to the processes of `make local`, by the launcher that started them. There are no rollouts. */
export function launcherActions(app: FastifyInstance, { url, token }: LauncherOptions): Pick<Actions, 'restart'> {
  const launcher = createUpstream({ name: 'launcher', url, attemptTimeout: timeout, observer: app.upstreamObserver })
  app.addHook('onClose', () => launcher.close())
  const ask = (method: 'GET' | 'POST', path: string) =>
    launcher.request({
      method,
      path,
      headers: { authorization: `Bearer ${token}` },
      deadline: Date.now() + timeout,
      repeatable: false,
    })
  return {
    async restart(name) {
      const path = `/processes/${encodeURIComponent(name)}`
      const { statusCode } = await ask('GET', path)
      if (statusCode === 404) return undefined
      if (statusCode !== 200) throw new Error(`The launcher answered ${statusCode} for the process ${name}.`)
      return {
        what: `restarts the process ${name}`,
        async take() {
          const { statusCode } = await ask('POST', `${path}/restart`)
          if (statusCode !== 200) throw new Error(`The launcher answered ${statusCode} for the restart of ${name}.`)
        },
      }
    },
  }
}
