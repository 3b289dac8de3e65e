import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance } from 'fastify'
import type { Dispatcher } from 'undici'
import type { Injection } from '../src/injection.ts'

/** After so many milliseconds without an answer a request is given up, and sent again at once. */
const patience = 400

const upstream = 'inventory'
const unanswered = new Error('no answer, so it is sent again')

/**
 * Sends what the inventory has not answered again and again, without a pause and as long as the service's own attempt lasts,
 * whose retries come on top. Each repetition is counted, logged and traced as one.
 */
export function repeatWithoutPause(fault: Injection, app: FastifyInstance) {
  const { upstreamObserver } = app

  function repeat(
    dispatch: Dispatcher.Dispatch,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    // A connection calls back in the context of whoever opened it.
    const inContext = AsyncLocalStorage.snapshot()

    function send(attempt: number): boolean {
      const began = performance.now()
      let timer: NodeJS.Timeout | undefined
      return dispatch(options, {
        onRequestStart(controller, context) {
          timer = setTimeout(() => controller.abort(unanswered), patience)
          handler.onRequestStart?.(controller, context)
        },
        // The time of the service's attempt begins anew with each that it hears of.
        onRequestSent: () => attempt === 1 && handler.onRequestSent?.(),
        onResponseStart(...args) {
          clearTimeout(timer)
          handler.onResponseStart?.(...args)
        },
        onResponseData: (...args) => handler.onResponseData?.(...args),
        onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
        onResponseError(controller, error) {
          clearTimeout(timer)
          if (error !== unanswered) return handler.onResponseError?.(controller, error)
          inContext(() => {
            upstreamObserver.onAttempt?.(upstream, options.method, (performance.now() - began) / 1000, 'timeout')
            upstreamObserver.onRetry?.(upstream, attempt)
            send(attempt + 1)
          })
        },
      })
    }
    return send(1)
  }

  app.upstreamInterceptors.push((name) => (dispatch) => {
    if (name !== upstream) return dispatch
    return (options, handler) =>
      Math.random() < fault.ratio() ? repeat(dispatch, options, handler) : dispatch(options, handler)
  })
}
