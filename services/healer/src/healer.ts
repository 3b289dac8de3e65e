import { setTimeout as delay } from 'node:timers/promises'
import fastifyPlugin from 'fastify-plugin'
import { type CareOptions, createCare } from './care.ts'
import { activeContext } from './healer-trace.ts'

declare module 'fastify' {
  interface FastifyInstance {
    healer: Healer
  }
}

export interface Healer {
  /** Takes alerts into care, by their fingerprints. Returns at once: what is done about them follows within seconds. */
  hear(fingerprints: string[]): void
}

/** How often the alerts in care are looked at, in milliseconds. */
const interval = 5000

/** Looks at the alerts in care when one is added, and then again and again until none is left. One look is under way at a time. */
export const healerPlugin = fastifyPlugin<Omit<CareOptions, 'metrics' | 'log'>>(
  async (app, options) => {
    const care = createCare({ ...options, metrics: app.healerMetrics, log: app.log })
    const closing = new AbortController()
    let heard = Promise.withResolvers<void>()

    async function loop() {
      while (!closing.signal.aborted) {
        if (care.size === 0) await heard.promise
        heard = Promise.withResolvers()
        try {
          if (!closing.signal.aborted) await care.look()
        } catch (error) {
          app.log.warn({ err: error }, 'the alerts could not be looked at; trying again')
        }
        await Promise.race([heard.promise, delay(interval, undefined, { signal: closing.signal }).catch(() => {})])
      }
    }

    let running = Promise.resolve()
    app.decorate('healer', {
      hear(fingerprints) {
        const heardIn = activeContext()
        for (const fingerprint of fingerprints) care.hear(fingerprint, heardIn)
        if (fingerprints.length > 0) heard.resolve()
      },
    })
    app.addHook('onReady', async () => {
      running = loop()
    })
    app.addHook('preClose', async () => {
      closing.abort()
      heard.resolve()
      await running
    })
  },
  { name: 'healer', dependencies: ['healer-metrics'] },
)
