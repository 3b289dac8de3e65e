import fastifyPlugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    readiness: Readiness
  }
}

export interface Readiness {
  /** Adds something the service cannot work without; `check` rejects when it is away. */
  add(name: string, check: () => Promise<unknown>): void
  /** Names each check that fails, with why; empty means ready. `draining` is one once `drain` was called. */
  failures(): Promise<Record<string, string>>
  /** From now on the service is not ready and every answer asks its client to close the connection. */
  drain(): void
}

/** A probe must answer before the kubelet gives up on it (its own time-out is 2 s in charts/service). */
const checkTimeout = 1500

async function failure(check: () => Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, checkTimeout, `no answer within ${checkTimeout} ms`)
  })
  try {
    return await Promise.race([
      check().then(
        () => undefined,
        (error: Error) => ('code' in error && error.code ? String(error.code) : error.message),
      ),
      late,
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets plugins say what the service needs, and drains it before it closes. */
export const readinessPlugin = fastifyPlugin(
  async (app) => {
    const checks = new Map<string, () => Promise<unknown>>()
    let draining = false
    app.decorate('readiness', {
      add: (name, check) => void checks.set(name, check),
      drain: () => {
        draining = true
      },
      failures: async () => {
        if (draining) return { draining: 'the service is shutting down' }
        const results = await Promise.all(
          [...checks].map(async ([name, check]) => [name, await failure(check)] as const),
        )
        return Object.fromEntries(results.filter(([, reason]) => reason !== undefined)) as Record<string, string>
      },
    })
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (draining) reply.header('connection', 'close')
      done(null, payload)
    })
  },
  { name: 'readiness' },
)
