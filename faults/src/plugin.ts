import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceName } from '@hello/shop/services'
import { isObserved } from '@hello/telemetry/request-end'
import type { EvaluationContext } from '@openfeature/server-sdk'
import type { FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Fault } from './fault.ts'
import { openFlags } from './flags.ts'
import type { Inject, Injection } from './injection.ts'
import { injections } from './injections.ts'

export interface FaultsOptions {
  service: ServiceName
  /** The flags; none where nothing is to be broken. */
  file: string | undefined
  /** postgres:// URL, where the service has a database. */
  databaseUrl?: string
}

/** How often it is asked what is on, in milliseconds. */
const askEvery = 250

interface Injected {
  fault: Fault
  inject: Inject
  now: number
  handlers: ((request: FastifyRequest) => Promise<void>)[]
  runs: ((signal: AbortSignal) => Promise<void>)[]
  /** Ends what runs now. */
  running: AbortController | undefined
  /** Resolves when all that ran has ended. */
  ended: Promise<void>
}

/**
 * Breaks the service as the flags say, without a restart, and tells of it: by a metric, and by a log line at each change.
 * Register it before the routes. Requests that are not observed (health, readiness, metrics) are never touched.
 */
export const faultsPlugin = fastifyPlugin<FaultsOptions>(
  async (app, { service, file, databaseUrl }) => {
    if (!file) return
    const flags = openFlags(file, (error) => app.log.warn({ err: error }, 'the flags of the faults cannot be read'))
    const closing = new AbortController()
    const active = new app.metrics.client.Gauge({
      name: 'shop_fault_active',
      help: 'How strong a fault is that was injected on purpose, 0 to 1; 0 while it is off',
      labelNames: ['fault'],
      registers: [app.metrics.client.register],
    })

    function injectionOf(injected: Injected): Injection {
      const { name } = injected.fault
      return {
        ratio: () => injected.now,
        hits: async (context: EvaluationContext = {}) =>
          injected.now > 0 && Math.random() < (await flags.ratio(name, context)),
        beforeHandler: (run) => injected.handlers.push(run),
        whileOn: (run) => injected.runs.push(run),
      }
    }
    const own = injections
      .filter(([fault]) => fault.services.includes(service))
      .map(
        ([fault, inject]): Injected => ({
          fault,
          inject,
          now: 0,
          handlers: [],
          runs: [],
          running: undefined,
          ended: Promise.resolve(),
        }),
      )
    for (const injected of own) {
      active.set({ fault: injected.fault.name }, 0)
      injected.inject(injectionOf(injected), { app, service, databaseUrl })
    }

    /** Those that are on: few, and mostly none, so that a request of a shop that is well goes on at once. */
    let on: Injected[] = []
    async function handle(request: FastifyRequest) {
      for (const run of on.flatMap(({ handlers }) => handlers)) await run(request)
    }
    app.addHook('preHandler', (request, _reply, done) => {
      if (on.length === 0 || !isObserved(request)) done()
      else handle(request).then(() => done(), done)
    })

    async function keepRunning(run: (signal: AbortSignal) => Promise<void>, signal: AbortSignal) {
      while (!signal.aborted) {
        await run(signal).catch((error: Error) => {
          if (!signal.aborted) app.log.warn({ err: error }, 'a fault could not be kept up; trying again')
        })
        await delay(askEvery, undefined, { signal }).catch(() => {})
      }
    }

    /** Not before what ran the last time has put everything right again. */
    function begin(injected: Injected) {
      const running = new AbortController()
      injected.running = running
      injected.ended = injected.ended.then(async () => {
        await Promise.all(injected.runs.map((run) => keepRunning(run, running.signal)))
      })
    }

    function change(injected: Injected, ratio: number) {
      const { name } = injected.fault
      if (injected.now === 0) begin(injected)
      if (ratio === 0) injected.running?.abort()
      injected.now = ratio
      on = own.filter(({ now }) => now > 0)
      active.set({ fault: name }, ratio)
      app.log.warn({ fault: name, ratio }, ratio === 0 ? 'a fault is over' : 'a fault is on')
    }

    async function ask() {
      for (const injected of own) {
        const { name, only } = injected.fault
        const ratio = await flags.ratio(name, only && { productId: only.productId[0]! })
        if (ratio !== injected.now) change(injected, ratio)
      }
    }

    async function askOverAndOver() {
      while (!closing.signal.aborted) {
        await ask()
        await delay(askEvery, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
    let asking = Promise.resolve()
    app.addHook('onReady', async () => {
      asking = askOverAndOver()
    })
    app.addHook('preClose', async () => {
      closing.abort()
      await asking
      for (const { running } of own) running?.abort()
      await Promise.all(own.map(({ ended }) => ended))
      await flags.close()
    })
  },
  { name: 'faults', dependencies: ['metrics'] },
)
