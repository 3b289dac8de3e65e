import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Dispatcher } from 'undici'
import type { Injection } from '../src/injection.ts'

/** Requests of a volley at full strength, which are at once so that they come within a second on a slow machine, too. */
const volley = 200
/** Milliseconds between two volleys. */
const every = 1000

const upstream = 'gateway'

/** Asks the gateway for the products from this server's own address, as nobody's visitor, and throws the answers away. */
export function refreshWithoutPause(fault: Injection, app: FastifyInstance) {
  let dispatch: Dispatcher.Dispatch | undefined
  app.upstreamInterceptors.push((name) => (original) => {
    if (name === upstream) dispatch = original
    return original
  })

  function ask(): Promise<void> {
    const began = performance.now()
    return new Promise((resolve) => {
      let outcome = 'connection-lost'
      const end = () => {
        app.upstreamObserver.onAttempt?.(upstream, 'GET', (performance.now() - began) / 1000, outcome)
        resolve()
      }
      dispatch!(
        { method: 'GET', path: '/api/products' },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            outcome = String(statusCode)
          },
          onResponseData() {},
          onResponseEnd: end,
          onResponseError: end,
        },
      )
    })
  }

  fault.whileOn(async (signal) => {
    const unanswered = new Set<Promise<void>>()
    while (!signal.aborted) {
      // Never more of them at a time, where the gateway is slower.
      while (unanswered.size < volley * fault.ratio()) {
        const asked = ask().finally(() => unanswered.delete(asked))
        unanswered.add(asked)
      }
      await delay(every, undefined, { signal }).catch(() => {})
    }
    await Promise.all(unanswered)
  })
}
